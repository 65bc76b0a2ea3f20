import { type Check, objectName, type Outcome } from "../model.ts";

const byDigest = /@sha256:[0-9a-f]{64}$/;

export const images: Check = {
    name: "images",
    title: "Images are pinned by digest: a failure in prod, a warning elsewhere.",
    needs: ["namespace"],
    run({ cluster, planned, config }) {
        return planned.runners().flatMap((runner): Outcome[] => {
            const live = cluster.runner(runner);
            if (!live) return [];
            const object = objectName(runner);
            const { containers = [], initContainers = [] } = live.spec?.template.spec ?? {};
            const all = [...containers, ...initContainers].map(({ image = "" }) => image);
            const tagged = all.filter((image) => !byDigest.test(image));
            if (tagged.length === 0) return [{ object, status: "pass", message: "by digest" }];
            return [
                {
                    object,
                    status: config.environment === "prod" ? "fail" : "warn",
                    message: `by tag, which can be moved: ${tagged.join(", ")}`,
                    remedy: "Write name:tag@sha256:… in the stack file; docker buildx imagetools inspect shows the digest.",
                },
            ];
        });
    },
};
