import * as pulumi from "@pulumi/pulumi";

import { rawConfig } from "../stacks/config.ts";
import { ConfigError } from "../stacks/problems.ts";
import { bootstrap, type BootstrapOutputs } from "./bootstrap.ts";
import { parseBootstrapConfig } from "./parseBootstrapConfig.ts";

/** The program of the project `spywatcher-bootstrap`. */
export default function program(): BootstrapOutputs {
    try {
        const { raw, secretKeys } = rawConfig();
        return bootstrap(parseBootstrapConfig(raw, { secretKeys }));
    } catch (error) {
        // A RunError is shown without a stack trace, which would bury the message.
        if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
        throw error;
    }
}
