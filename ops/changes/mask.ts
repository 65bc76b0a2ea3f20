import { secretText } from "../plan/model.ts";

/** Marks of special values in the engine's protocol. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Names of what holds a credential in plain text. */
const secretName =
    /(?:password|passwd|passphrase|secret|token|api[-_]?key|private[-_]?key|access[-_]?key|secret[-_]?string|credentials?|client-key-data)$/i;

/** Shapes of credentials, by their issuers' documentation. None may take more than linear time. */
const shapes: readonly RegExp[] = [
    // A private key, also one that is cut off.
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    // AWS: access key ids, session tokens.
    /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
    /(?:IQoJ|FwoG|FQoG)[A-Za-z0-9/+=]{50,}/g,
    // GitHub, GitLab, npm, Docker Hub, Pulumi.
    /gh[pousr]_[A-Za-z0-9_]{20,}/g,
    /github_pat_[A-Za-z0-9_]{20,}/g,
    /glpat-[\w-]{20,}/g,
    /npm_[A-Za-z0-9]{36}/g,
    /dckr_[a-z]{3,4}_[\w-]{20,}/g,
    /pul-[a-f0-9]{40}/g,
    // Discord: bot tokens, webhooks.
    /\b[MNO][\w-]{22,28}\.[\w-]{6,7}\.[\w-]{27,45}/g,
    /\bmfa\.[\w-]{80,90}/g,
    /(?<=discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/)\d+\/[\w-]+/g,
    // Slack, PagerDuty, Stripe, Google, SendGrid, Grafana, Vault.
    /xox[a-z]-[\w-]{10,}/g,
    /xapp-[\w-]{10,}/g,
    /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/g,
    /(?<=events\.pagerduty\.com\/(?:integration|x-ere)\/)[\w-]+/g,
    /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
    /\bsk-[\w-]{20,}/g,
    /AIza[\w-]{35}/g,
    /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/g,
    /gls?a_[\w-]{32,}/g,
    /hv[sb]\.[\w-]{20,}/g,
    // JSON Web Tokens, headers of HTTP.
    /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
    /(?<=\b(?:Bearer|Basic) {1,4})[\w.~+/=-]{16,}/gi,
    // The password in a URL.
    /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]+(?=@)/gi,
    // `password=…` in a text; short words without a digit are prose.
    /(?<=\b[\w.-]{0,60}(?:password|passwd|secret|token|api[_-]?key|private[_-]?key)["']?\s{0,4}[=:]\s{0,4}["']?)(?=[^\s"',;&(){}[\]]{0,200}\d|[^\s"',;&(){}[\]]{16})[^\s"',;&(){}[\]]{6,}/gi,
];

/** An AWS secret access key has no mark: 40 characters of base64 that are neither a digest nor a path. */
const secretAccessKey = /(?<![\w/+=-])[A-Za-z0-9/+]{40}(?![\w/+=-])/g;

function isSecretAccessKey(text: string): boolean {
    return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text) && text.split("/").length < 5;
}

/** The text with everything in it that has the shape of a credential replaced. */
export function maskCredentials(text: string): string {
    return shapes
        .reduce((masked, shape) => masked.replace(shape, secretText), text)
        .replace(secretAccessKey, (found) => (isSecretAccessKey(found) ? secretText : found));
}

/** True for what the engine puts into the place of a secret. */
export function isEngineSecret(value: unknown): boolean {
    return (
        typeof value === "object" &&
        value !== null &&
        (value as Record<string, unknown>)[signatureKey] === secretSignature
    );
}

/** Only the keys. */
function concealed(value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value) || isEngineSecret(value)) {
        return secretText;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [maskCredentials(key), concealed(each)]),
    );
}

/** A name and a value, as in the environment of a container. */
function isSecretPair(value: Record<string, unknown>): boolean {
    return (
        typeof value["name"] === "string" &&
        typeof value["value"] === "string" &&
        secretName.test(value["name"])
    );
}

/** A value with secrets masked: the engine's, those that their name tells, and what has the shape of a credential. */
export function masked(value: unknown, name = ""): unknown {
    if (typeof value === "string") {
        return secretName.test(name) && value !== "" ? secretText : maskCredentials(value);
    }
    if (typeof value !== "object" || value === null) return value;
    if (isEngineSecret(value)) return secretText;
    if (Array.isArray(value)) return value.map((each) => masked(each, name));
    const record = value as Record<string, unknown>;
    const hidden = isSecretPair(record);
    const isSecret = record["kind"] === "Secret" && record["apiVersion"] === "v1";
    return Object.fromEntries(
        Object.entries(record).map(([key, each]) => {
            const conceal =
                (hidden && key === "value") || (isSecret && (key === "data" || key === "stringData"));
            return [maskCredentials(key), conceal ? concealed(each) : masked(each, key)];
        }),
    );
}
