"use client";

import {
  LearningDashboard as Dashboard,
  type LearningDashboardProps as DashboardProps,
} from "@agent-learning/react/admin";
import "@agent-learning/react/admin.css";

export type LearningDashboardProps = DashboardProps;

const LINKS = { annotations: "/admin/learning/annotation" };

/** Pending annotations, today's progress, experiments, running jobs and quality trends. */
export function LearningDashboard({ links = LINKS, ...props }: LearningDashboardProps) {
  return <Dashboard links={links} {...props} />;
}
