import { InterruptedError } from "./errors.ts";

/**
 * A signal that is aborted by the first SIGINT or SIGTERM. Further ones change nothing: what runs is already stopping,
 * and ending the engine at once would leave operations pending.
 */
export function interruptSignal(): AbortSignal {
    const controller = new AbortController();
    const interrupt = (): void => {
        if (controller.signal.aborted) return;
        process.stderr.write("\nStopping; what has begun is brought to an end.\n");
        controller.abort(new InterruptedError());
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    return controller.signal;
}
