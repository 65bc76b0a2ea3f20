import { createHash } from "node:crypto";

import type { provider } from "@pulumi/pulumi";

import { parseUrn } from "./awsProvider.ts";
import type { Properties } from "./cloud.ts";
import { secret } from "./resources.ts";

/** Makes texts that look random and are the same in every run. A password is secret. */
export function randomProvider(): provider.Provider {
    return {
        diff: (_id, _urn, olds: Properties, news: Properties) => {
            const replaces = Object.keys(news).filter(
                (key) => JSON.stringify(news[key]) !== JSON.stringify(olds[key]),
            );
            return Promise.resolve({ changes: replaces.length > 0, replaces });
        },
        create: (urn, inputs: Properties) => {
            const { type, name } = parseUrn(urn);
            const length = Number(inputs["length"] ?? 16);
            const digest = createHash("sha512")
                .update(`${name} ${JSON.stringify(inputs)}`)
                .digest("hex");
            const text = digest.repeat(Math.ceil(length / digest.length)).slice(0, length);
            const isPassword = type === "random:index/randomPassword:RandomPassword";
            return Promise.resolve({
                id: isPassword ? "none" : text,
                outs: { ...inputs, result: isPassword ? secret(text) : text },
            });
        },
    };
}
