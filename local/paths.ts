import { homedir } from "node:os";
import { join } from "node:path";

/** The folder that holds the data, logs and kubeconfig of the embedded cluster `name`: `$SPYWATCHER_HOME/<name>`, by default `~/.spywatcher/<name>`. */
export function clusterFolder(name = "local"): string {
    return join(process.env["SPYWATCHER_HOME"] || join(homedir(), ".spywatcher"), name);
}

/** The kubeconfig of the embedded cluster `name`. It exists once the cluster was started. */
export function kubeconfigPath(name = "local"): string {
    return join(clusterFolder(name), "kubeconfig");
}

/** The folder of what can be built or downloaded again: `$SPYWATCHER_CACHE`, by default `spywatcher` in the user's cache folder. */
export function cacheFolder(): string {
    const chosen = process.env["SPYWATCHER_CACHE"];
    if (chosen) {
        return chosen;
    }
    const xdg = process.env["XDG_CACHE_HOME"];
    if (xdg) {
        return join(xdg, "spywatcher");
    }
    const user =
        process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
    return join(user, "spywatcher");
}
