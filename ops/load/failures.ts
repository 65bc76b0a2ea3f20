/** Codes of Node and OpenSSL that say a certificate or the handshake is wrong. */
const tls = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)|CERT/;

const texts: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    ECONNRESET: "connection reset",
    EPIPE: "connection reset",
    UND_ERR_SOCKET: "connection closed",
    ENOTFOUND: "name not found",
    EAI_AGAIN: "name not found (no name server answers)",
    EHOSTUNREACH: "host unreachable",
    ENETUNREACH: "network unreachable",
    ETIMEDOUT: "no connection in time",
    UND_ERR_CONNECT_TIMEOUT: "no connection in time",
    UND_ERR_HEADERS_TIMEOUT: "no answer in time",
    EMFILE: "too many open files on this machine (ulimit -n)",
    EADDRNOTAVAIL: "no free port on this machine",
};

export function isTlsCode(code: string): boolean {
    return tls.test(code);
}

function codeOf(error: unknown): string | undefined {
    if (typeof error !== "object" || error === null) return undefined;
    const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
    // Several addresses were tried, or the code is the cause's.
    return typeof code === "string" && code !== "" ? code : (codeOf(errors?.[0]) ?? codeOf(cause));
}

/** Why a request failed, in a few words. */
export function failureText(error: unknown): string {
    const code = codeOf(error);
    if (code === undefined) return error instanceof Error ? error.message : String(error);
    return texts[code] ?? (isTlsCode(code) ? `TLS error (${code})` : code);
}
