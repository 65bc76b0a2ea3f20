/** CIDR blocks of a VPC's subnets, one of each kind per zone. */
export interface SubnetLayout {
    readonly public: string[];
    readonly private: string[];
    readonly database: string[];
}

/** Prefix lengths a VPC may have: above /16 AWS refuses it, below /20 a database subnet would be smaller than AWS's /28. */
export const vpcPrefixLengths = { min: 16, max: 20 } as const;

/** Zones the layout has room for. */
export const maxZones = 4;

interface Block {
    /** First address as a number. */
    first: number;
    prefixLength: number;
}

/** The first address and prefix length of an IPv4 CIDR block. */
export function parseCidr(cidr: string): Block {
    const [address = "", length = ""] = cidr.split("/");
    const prefixLength = Number(length);
    const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    const size = 2 ** (32 - prefixLength);
    return { first: Math.floor(number / size) * size, prefixLength };
}

function formatCidr({ first, prefixLength }: Block): string {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
    return `${octets.join(".")}/${prefixLength}`;
}

/** True when the address of the block is its first one: AWS refuses `10.0.0.1/16`. */
export function isNetworkAddress(cidr: string): boolean {
    return formatCidr(parseCidr(cidr)) === cidr;
}

/** True when two IPv4 CIDR blocks share an address. */
export function overlap(left: string, right: string): boolean {
    const [a, b] = [parseCidr(left), parseCidr(right)];
    const wider = Math.min(a.prefixLength, b.prefixLength);
    const size = 2 ** (32 - wider);
    return Math.floor(a.first / size) === Math.floor(b.first / size);
}

/**
 * Lays out subnets so that a zone can be added later without moving any: each zone has a quarter of the VPC, half of it
 * private, a sixteenth public, a sixty-fourth for databases, the rest free. In a /16 that is /19, /22 and /24.
 */
export function subnetLayout(vpcCidr: string, zones: number): SubnetLayout {
    const vpc = parseCidr(vpcCidr);
    const zoneSize = 2 ** (30 - vpc.prefixLength);
    const block = (zone: number, quarterOffset: number, extraBits: number): string =>
        formatCidr({
            first: vpc.first + zone * zoneSize + quarterOffset * zoneSize,
            prefixLength: vpc.prefixLength + extraBits,
        });
    const each = (offset: number, extraBits: number): string[] =>
        Array.from({ length: zones }, (_, zone) => block(zone, offset, extraBits));
    return { private: each(0, 3), public: each(1 / 2, 6), database: each(1 / 2 + 1 / 16, 8) };
}
