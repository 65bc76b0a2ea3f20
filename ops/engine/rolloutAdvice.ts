/** What the Kubernetes provider says of a Deployment of the application that is not done in its time. */
const givenUp = /"([a-z0-9-]+)\/(spywatcher-([a-z]+))" failed to fully initialize or become live/g;

/** What to do about the rollouts that an update has given up, in lines, by what the engine said; none for other failures. */
export function rolloutAdvice(message: string): string[] {
    return [...message.matchAll(givenUp)].flatMap(([, namespace = "", deployment = "", tier = ""]) => [
        `The rollout of Deployment ${deployment} was given up: its new pods are not ready within app.rolloutTimeoutSeconds. The old ones go on serving.`,
        `  See why:   kubectl -n ${namespace} describe pods -l tier=${tier}`,
        `             kubectl -n ${namespace} logs -l tier=${tier} --tail=100`,
        "  Then:      run up again with an image and settings that work (docs/OPERATIONS.md, a rollout that is given up).",
    ]);
}
