// JavaScript: the SDK loads the pack's first file by a TypeScript compiler of its own, which knows no modules. What it
// imports is loaded by Node itself.
import { PolicyPack } from "@pulumi/policy";

import { toPolicy } from "./policy.ts";
import { rules } from "./rules/index.ts";

new PolicyPack("spywatcher", { enforcementLevel: "mandatory", policies: rules.map(toPolicy) });
