import type { Rule } from "../rule.ts";
import { buckets } from "./buckets.ts";
import { disruption } from "./disruption.ts";
import { encryption } from "./encryption.ts";
import { exposure } from "./exposure.ts";
import { images } from "./images.ts";
import { resources } from "./resources.ts";
import { rights } from "./rights.ts";
import { services } from "./services.ts";
import { tags } from "./tags.ts";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
    buckets,
    encryption,
    rights,
    exposure,
    images,
    resources,
    disruption,
    services,
    tags,
];
