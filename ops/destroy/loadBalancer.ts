import { CoreV1Api, type KubeConfig, NetworkingV1Api } from "@kubernetes/client-node";

import { waitUntil } from "./waitUntil.ts";

/** Seconds in which the load balancer controller takes a change of an annotation to AWS. */
const reconcileSeconds = 120;

/** Of the load balancer controller; an Ingress without it has no load balancer. */
const finalizer = /^(?:group\.)?ingress\.k8s\.aws\//;

/** What the controller says when AWS has what the Ingress asks for. */
const reconciled = "SuccessfullyReconciled";

/** Ingresses that have a load balancer, in some namespaces, as namespace and name. */
async function balanced(access: KubeConfig, namespaces: readonly string[]) {
    const { items } = await access.makeApiClient(NetworkingV1Api).listIngressForAllNamespaces();
    return items.flatMap(({ metadata }) => {
        const [namespace, name] = [metadata?.namespace ?? "", metadata?.name ?? ""];
        return namespaces.includes(namespace) && metadata?.finalizers?.some((each) => finalizer.test(each))
            ? [{ namespace, name }]
            : [];
    });
}

/**
 * Waits until the controller has switched deletion protection off at the load balancers, which happens after the annotation
 * has changed: an Ingress that is deleted earlier waits for ever for a load balancer that AWS does not delete. Returns the
 * Ingresses of which the controller has not said so since `since`.
 */
export async function waitForReconciliation(
    access: KubeConfig,
    namespaces: readonly string[],
    since: Date,
    signal: AbortSignal,
): Promise<string[]> {
    const core = access.makeApiClient(CoreV1Api);
    const ingresses = await balanced(access, namespaces);
    let waiting = ingresses;
    // The API server keeps whole seconds.
    const earliest = Math.floor(since.getTime() / 1000) * 1000;
    await waitUntil(
        async () => {
            const answers = await Promise.all(
                ingresses.map(async (ingress) => {
                    const { items } = await core.listNamespacedEvent({
                        namespace: ingress.namespace,
                        fieldSelector: `involvedObject.name=${ingress.name},reason=${reconciled}`,
                    });
                    const done = items.some(({ lastTimestamp, eventTime }) => {
                        const at = lastTimestamp ?? eventTime;
                        return at !== undefined && new Date(at).getTime() >= earliest;
                    });
                    return done ? [] : [ingress];
                }),
            );
            waiting = answers.flat();
            return waiting.length === 0;
        },
        { seconds: reconcileSeconds, signal },
    );
    return waiting.map(({ namespace, name }) => `${namespace}/${name}`);
}
