/** Name of the job that builds the successor of a dataset from which people were erased or that is distrusted. */
export const REBUILD_JOB = "rebuild-erased-dataset";
