import type { Config } from "./schema/index.ts";

function unprotectedData(data: Config["data"]): Config["data"] {
    if (data.kind === "aws") return { ...data, postgres: { ...data.postgres, deletionProtection: false } };
    if (data.kind === "mixed" && data.postgres.kind === "aws") {
        return { ...data, postgres: { ...data.postgres, deletionProtection: false } };
    }
    return data;
}

/**
 * The configuration with everything switched off that keeps a deletion from happening: the engine's protection, and the
 * deletion protection of cluster, database and load balancer. Nothing else differs.
 */
export function withoutProtections(config: Config): Config {
    const { cluster, data, app } = config;
    return {
        ...config,
        protect: false,
        cluster: cluster.kind === "eks" ? { ...cluster, deletionProtection: false } : cluster,
        data: unprotectedData(data),
        app: { ...app, ingress: { ...app.ingress, deletionProtection: false } },
    };
}
