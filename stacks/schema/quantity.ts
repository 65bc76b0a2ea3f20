const factors: Record<string, number> = {
    n: 1e-9,
    u: 1e-6,
    m: 1e-3,
    "": 1,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
};

const pattern = /^(\d+(?:\.\d+)?)([numkMGTPE]|[KMGTPE]i)?$/;

/** The number a Kubernetes quantity stands for (cores or bytes), or undefined when it is none. */
export function parseQuantity(text: string): number | undefined {
    const match = pattern.exec(text);
    const factor = factors[match?.[2] ?? ""];
    return match?.[1] === undefined || factor === undefined ? undefined : Number(match[1]) * factor;
}
