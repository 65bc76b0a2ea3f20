import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

import { cloudProvider } from "./cloudProvider.ts";

/** What `installStandIns` writes for the providers to read. */
export interface StandInSettings {
    /** File of the cloud's log. */
    log: string;
    /** The API server that stands for every EKS cluster's, and its certificate authority in base64. */
    cluster: { endpoint: string; certificateAuthority: string };
    /** Milliseconds that creating and deleting take, by type. */
    delays: Record<string, number>;
}

function packageVersion(name: string): string {
    const { version } = createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as {
        version: string;
    };
    return version;
}

type Component = pulumi.ComponentResource & { state: pulumi.Inputs };

function components(
    version: string,
    types: Record<
        string,
        new (name: string, inputs: any, opts: pulumi.ComponentResourceOptions) => Component
    >,
): pulumi.provider.Provider {
    return {
        version,
        construct: (name, type, inputs, opts) => {
            const Type = types[type];
            if (Type === undefined) return Promise.reject(new Error(`the stand-ins have no ${type}`));
            const { urn, state } = new Type(name, inputs, opts);
            return Promise.resolve({ urn, state });
        },
    };
}

async function standIn(name: string, settings: StandInSettings): Promise<pulumi.provider.Provider> {
    switch (name) {
        case "aws":
            return cloudProvider({ version: packageVersion(name), ...settings });
        case "random":
            // There is no npm package of it here; the engine takes any version on PATH.
            return cloudProvider({ version: "0.0.0", ...settings });
        case "awsx": {
            const { StandInVpc } = await import("./vpc.ts");
            return components(packageVersion(name), { "awsx:ec2:Vpc": StandInVpc });
        }
        case "eks": {
            const { StandInCluster } = await import("./eksCluster.ts");
            return components(packageVersion(name), { "eks:index:Cluster": StandInCluster });
        }
        default:
            throw new Error(`there is no stand-in for ${name}`);
    }
}

/** Serves the stand-in of a package to the engine: `main.ts <package> <settings file> <engine's arguments>`. */
const [name = "", settings = "", ...rest] = process.argv.slice(2);
await pulumi.provider.main(
    await standIn(name, JSON.parse(readFileSync(settings, "utf8")) as StandInSettings),
    rest,
);
