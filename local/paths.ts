import { homedir } from "node:os";
import { join } from "node:path";

/** The folder that holds the data, logs and kubeconfig of the embedded cluster `name`: `~/.spywatcher/<name>`. */
export function clusterFolder(name = "local"): string {
    return join(homedir(), ".spywatcher", name);
}

/** The kubeconfig of the embedded cluster `name`. It exists once the cluster was started. */
export function kubeconfigPath(name = "local"): string {
    return join(clusterFolder(name), "kubeconfig");
}

/** The folder of what can be built or downloaded again: `$SPYWATCHER_CACHE`, by default `spywatcher` in the user's cache folder. */
export function cacheFolder(): string {
    const chosen = variable("SPYWATCHER_CACHE");
    if (chosen !== undefined) {
        return chosen;
    }
    const xdg = variable("XDG_CACHE_HOME");
    if (xdg !== undefined) {
        return join(xdg, "spywatcher");
    }
    const user =
        process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
    return join(user, "spywatcher");
}

/** An environment variable; an empty one counts as unset, as the XDG specification has it. */
function variable(name: string): string | undefined {
    const value = process.env[name];
    return value === "" ? undefined : value;
}
