import type { ResourceRule } from "../rule.ts";
import { containers } from "./pods.ts";

/** Images by a version or a digest. */
export const images: ResourceRule = {
    name: "image-has-version",
    description:
        "Images are named by a version or a digest: a tag that moves makes each pod run something else.",
    check: (resource) =>
        containers(resource).flatMap(({ name = "?", image = "" }) => {
            if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
            const tag = /:([\w.-]+)$/.exec(image)?.[1];
            if (tag === undefined) return [`container ${name} has an image without a tag: ${image}`];
            return tag === "latest" ? [`container ${name} has the image ${image}, whose tag moves`] : [];
        }),
};
