/** A public hosted zone in Route 53 that exists already. */
export interface HostedZone {
    /** Id without `/hostedzone/`, such as `Z0123456789EXAMPLE`. */
    readonly id: string;
    /** Name without a dot at its end, such as `example.com`. */
    readonly name: string;
}

/** True when a host's records belong into a zone of that name. */
export function zoneHolds(zoneName: string, host: string): boolean {
    return host === zoneName || host.endsWith(`.${zoneName}`);
}
