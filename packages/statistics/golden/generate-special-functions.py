"""Writes special-functions.json beside this file: the values that the tests of src/special-functions hold us to.

Every value is computed by mpmath with 60 digits from the definition (series, quadrature or regularised function of mpmath),
never by this package, and written with 17 significant digits. Tails are stored as natural logarithms, so that they stay finite
where the probability itself underflows. Arguments are doubles; mpmath receives exactly that double.

Run: python3 -m venv venv && venv/bin/pip install mpmath==1.4.1 && venv/bin/python generate-special-functions.py
"""

import json
import pathlib

import mpmath as mp

mp.mp.dps = 60


def number(value):
    return float(mp.nstr(value, 17))


def normal_cdf(z):
    return mp.erfc(-mp.mpf(z) / mp.sqrt(2)) / 2


def tail_by_quadrature(ln_density, slope, curvature, start, end):
    """ln of the integral of exp(ln_density) from start to end, in panels that grow from the point where the density is
    largest (the start of a tail, or the mode inside it)."""
    scale = min(1 / abs(slope(start)) if slope(start) else mp.inf, 1 / mp.sqrt(abs(curvature(start))), abs(end - start))
    direction = 1 if end > start else -1
    top = ln_density(start)
    total, left, width = mp.mpf(0), start, scale
    while direction * (end - left) > 0:
        right = left + direction * width
        if direction * (right - end) > 0:
            right = end
        panel = abs(mp.quad(lambda t: mp.exp(ln_density(t) - top), [left, right]))
        total += panel
        if right != end and panel < total * mp.mpf(10) ** -30 and direction * slope(right) < 0:
            break
        left, width = right, width * mp.mpf("1.3")
    return top + mp.log(total)


def ln_pair(lower, upper):
    """Takes the larger one as the complement of the smaller, whose digits all count."""
    if lower < upper:
        return [number(mp.log(lower)), number(mp.log1p(-lower))]
    return [number(mp.log1p(-upper)), number(mp.log(upper))]


def beta_tails(x, a, b):
    x, a, b = mp.mpf(x), mp.mpf(a), mp.mpf(b)
    if max(a, b) < 300:
        lower = mp.betainc(a, b, 0, x, regularized=True)
        upper = mp.betainc(b, a, 0, 1 - x, regularized=True)
        return ln_pair(lower, upper)
    ln_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    tails = far_and_near(
        lambda t: (a - 1) * mp.log(t) + (b - 1) * mp.log(1 - t) - ln_beta,
        lambda t: (a - 1) / t - (b - 1) / (1 - t),
        lambda t: (a - 1) / t**2 + (b - 1) / (1 - t) ** 2,
        x, mp.mpf(0), mp.mpf(1), x < a / (a + b))
    return [number(value) for value in tails]


def gamma_tails(a, x):
    a, x = mp.mpf(a), mp.mpf(x)
    if a < 300:
        lower = mp.gammainc(a, 0, x, regularized=True)
        upper = mp.gammainc(a, x, mp.inf, regularized=True)
        return ln_pair(lower, upper)
    tails = far_and_near(
        lambda t: (a - 1) * mp.log(t) - t - mp.loggamma(a),
        lambda t: (a - 1) / t - 1,
        lambda t: (a - 1) / t**2,
        x, mp.mpf(0), max(a, x) * 50, x < a)
    return [number(value) for value in tails]


def far_and_near(ln_density, slope, curvature, x, low, high, lower_is_far):
    """Integrates the tail that does not hold the mode and takes the other as its complement."""
    with mp.workdps(45):
        far = tail_by_quadrature(ln_density, slope, curvature, x, low if lower_is_far else high)
    near = mp.log1p(-mp.exp(far))
    return [far, near] if lower_is_far else [near, far]


def student_upper(t, v):
    t, v = mp.mpf(t), mp.mpf(v)
    x = v / (v + t * t)
    if v < 600:
        return mp.betainc(v / 2, mp.mpf(1) / 2, 0, x, regularized=True) / 2
    ln_constant = mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(v * mp.pi) / 2
    with mp.workdps(45):
        return mp.exp(tail_by_quadrature(
            lambda u: ln_constant - (v + 1) / 2 * mp.log1p(u * u / v),
            lambda u: -(v + 1) * u / (v + u * u),
            lambda u: mp.mpf(1),
            t, mp.mpf(10) ** 12))


def normal_quantile(p):
    p = mp.mpf(p)
    guess = -mp.sqrt(-2 * mp.log(min(p, 1 - p))) * (1 if p < mp.mpf(1) / 2 else -1)
    if abs(p - mp.mpf(1) / 2) < 0.3:
        return mp.sqrt(2) * mp.erfinv(2 * p - 1)
    return mp.findroot(lambda z: mp.log(normal_cdf(z if p < 0.5 else -z)) - mp.log(min(p, 1 - p)), guess)


def student_quantile(p, v):
    lower = min(mp.mpf(p), 1 - mp.mpf(p))
    low, high = mp.mpf(0), mp.mpf(1)
    while student_upper(high, v) > lower:
        low, high = high, high * 2
    low, high = mp.log(high / 2) if low else mp.mpf(-30), mp.log(high)
    for _ in range(75):
        middle = (low + high) / 2
        if student_upper(mp.exp(middle), v) > lower:
            low = middle
        else:
            high = middle
    root = mp.exp(low)
    return -root if p < 0.5 else root


def binomial_two_sided(k, n, p):
    p = mp.mpf(p)
    probabilities = [mp.binomial(n, i) * p**i * (1 - p) ** (n - i) for i in range(n + 1)]
    limit = probabilities[k] * (1 + mp.mpf("1e-7"))
    return mp.fsum(q for q in probabilities if q <= limit)


X_GAMMA = [1e-300, 1e-10, 0.001, 0.1, 0.25, 0.4999, 0.5, 0.75, 0.999999, 1.0000001, 1.25, 1.4999, 1.5, 1.75, 1.99999999,
           2.0000001, 2.25, 2.5, 2.500001, 3, 3.7, 5, 7.5, 9.99, 10, 10.01, 25, 100.5, 1000, 12345.678, 1e6, 1e10, 1e100]
X_ERF = [-30, -6, -3, -2, -1.5, -1, -0.5, -0.1, -1e-8, 1e-300, 1e-8, 0.01, 0.1, 0.3, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.999, 2,
         2.001, 2.5, 3, 4, 5, 6.5, 8, 10, 15, 20, 25, 26]
Z = [-1000, -100, -40, -38, -30, -20, -12, -8, -6, -5, -4, -3, -2.5, -1.96, -1, -0.5, -0.1, -1e-9, 0.1, 0.5, 1, 1.96, 3, 5, 8]
P = [1e-300, 1e-200, 1e-100, 1e-50, 1e-20, 1e-12, 1e-9, 1e-6, 1e-4, 0.001, 0.01, 0.025, 0.05, 0.1, 0.2, 0.29, 0.31, 0.4, 0.49,
     0.4999, 0.49999999, 0.5000001, 0.51, 0.6, 0.69, 0.71, 0.8, 0.9, 0.95, 0.975, 0.99, 0.999, 0.999999]
GAMMA = [(a, x) for a in (0.01, 0.1, 0.5, 1, 1.5, 2, 5, 10.5, 50, 500, 5000, 100000)
         for x in (a * 0.001, a * 0.1, a * 0.5, a * 0.9, a, a * 1.01, a * 1.1, a * 2, a * 5, a + 40)]
BETA = [(x, a, b) for a, b in ((0.01, 0.01), (0.5, 0.5), (0.5, 20), (1, 1), (1, 30), (2, 3), (5, 0.5), (10, 90), (60, 940),
                               (9, 1991), (500, 500), (4000, 96000), (50, 999950), (50000, 950000), (1e6, 1e6))
        for x in (1e-6, 0.001, 0.05, 0.1, 0.3, 0.5, 0.9, 0.999)]
STUDENT = [(t, v) for v in (0.5, 1, 2, 3.7, 10, 30, 198.4, 1997.3, 100000, 1e7)
           for t in (1e-6, 0.1, 0.5, 1, 1.96, 3, 5, 10, 30, 100)]
STUDENT_Q = [(p, v) for v in (0.5, 1, 2, 3.7, 10, 198.4, 1997.3, 1e6)
             for p in (1e-30, 1e-12, 1e-6, 0.001, 0.025, 0.05, 0.3, 0.499, 0.51, 0.8, 0.95, 0.975, 0.999)]
CHI = [(x, v) for v in (1, 2, 3, 9, 99, 1000) for x in (0.001, 0.5, 1, 3.84, 10, 50, 120, 1200, 5000)]
BINOMIAL = [(0, 10, 0.5), (1, 10, 0.5), (5, 10, 0.5), (3, 15, 0.1), (15, 15, 0.9), (60, 1000, 0.05), (70, 1000, 0.05),
            (35, 1000, 0.05), (5, 400, 0.02), (120, 200, 0.5), (81, 200, 0.5), (2, 3, 0.3), (0, 50, 0.001), (900, 2000, 0.5)]

table = {
    "lnGamma": [[x, number(mp.loggamma(mp.mpf(x)))] for x in X_GAMMA],
    "lnBeta": [[a, b, number(mp.log(mp.beta(mp.mpf(a), mp.mpf(b))))]
               for a in (0.01, 0.5, 3, 40, 1e4, 1e7) for b in (0.01, 0.7, 2, 55, 3e5)],
    "erf": [[x, number(mp.erf(mp.mpf(x)))] for x in X_ERF],
    "erfc": [[x, number(mp.erfc(mp.mpf(x)))] for x in X_ERF],
    "lnErfc": [[x, number(mp.log(mp.erfc(mp.mpf(x))))] for x in X_ERF + [50, 300, 10000]],
    "normalCdf": [[z, number(normal_cdf(z))] for z in Z if z > -38],
    "lnNormalCdf": [[z, number(mp.log(normal_cdf(z)))] for z in Z],
    "normalQuantile": [[p, number(normal_quantile(p))] for p in P],
    "lnGammaTails": [[a, x, *gamma_tails(a, x)] for a, x in GAMMA],
    "lnBetaTails": [[x, a, b, *beta_tails(x, a, b)] for x, a, b in BETA],
    "lnStudentUpper": [[t, v, number(mp.log(student_upper(t, v)))] for t, v in STUDENT],
    "studentQuantile": [[p, v, number(student_quantile(p, v))] for p, v in STUDENT_Q],
    "lnChiSquareTails": [[x, v, *gamma_tails(mp.mpf(v) / 2, mp.mpf(x) / 2)] for x, v in CHI],
    "lnBinomialProbability": [[k, n, p, number(mp.log(mp.binomial(n, k) * mp.mpf(p)**k * (1 - mp.mpf(p))**(n - k)))]
                              for k, n, p in BINOMIAL],
    "binomialTwoSided": [[k, n, p, number(binomial_two_sided(k, n, p))] for k, n, p in BINOMIAL],
}

lines = []
for name, rows in table.items():
    lines.append(f"  {json.dumps(name)}: [\n" + ",\n".join("    " + json.dumps(row) for row in rows) + "\n  ]")
pathlib.Path(__file__).with_name("special-functions.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
