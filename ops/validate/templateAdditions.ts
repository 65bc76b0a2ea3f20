import { childPath, type Difference, elementPath } from "./differences.ts";

/** What the API server writes into a pod template by itself (`pkg/apis/core/v1/defaults.go`), by the field's name. */
const defaults: Readonly<Record<string, readonly unknown[]>> = {
    apiVersion: ["v1"],
    defaultMode: [420],
    divisor: ["0"],
    dnsPolicy: ["ClusterFirst"],
    expirationSeconds: [3600],
    failureThreshold: [3],
    // Which of them depends on the image's tag.
    imagePullPolicy: ["Always", "IfNotPresent"],
    path: ["/"],
    periodSeconds: [10],
    protocol: ["TCP"],
    restartPolicy: ["Always"],
    scheme: ["HTTP"],
    schedulerName: ["default-scheduler"],
    successThreshold: [1],
    terminationGracePeriodSeconds: [30],
    terminationMessagePath: ["/dev/termination-log"],
    terminationMessagePolicy: ["File"],
    timeoutSeconds: [1],
    volumeMode: ["Filesystem"],
    // Written by `kubectl rollout restart`, which changes nothing of the pods.
    "kubectl.kubernetes.io/restartedAt": [],
};

function isNothing(value: unknown): boolean {
    if (value === null || value === "") return true;
    return typeof value === "object" && Object.values(value).every(isNothing);
}

function isDefault(key: string, value: unknown, planned: Record<string, unknown>): boolean {
    // The deprecated name of the same field, which the API server keeps alike.
    if (key === "serviceAccount") return value === planned["serviceAccountName"];
    const known = defaults[key];
    return known !== undefined && (known.length === 0 || known.includes(value));
}

/**
 * What a live pod template has beyond the planned one and the API server's defaults, such as a command or a node selector
 * that somebody added. What differs in what both have is not told.
 */
export function templateAdditions(planned: unknown, live: unknown, path: string): Difference[] {
    if (typeof planned !== "object" || typeof live !== "object" || !planned || !live) return [];
    if (Array.isArray(planned)) {
        return planned.flatMap((each, index) =>
            templateAdditions(each, (live as unknown[])[index], elementPath(path, each, index)),
        );
    }
    const has = planned as Record<string, unknown>;
    return Object.entries(live).flatMap(([key, value]) => {
        const below = childPath(path, key);
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
        if (has[key] !== undefined || isObject) return templateAdditions(has[key] ?? {}, value, below);
        if (isNothing(value) || isDefault(key, value, has)) return [];
        return [{ path: below, planned: undefined, live: value as unknown }];
    });
}
