/** What one price is paid for. A month has 730 hours. */
export type PriceUnit = "hour" | "month" | "GB-month" | "GB";

/** A list price in us-east-1, in USD, without tax, free tier or commitment. */
export interface ListPrice {
    readonly usd: number;
    readonly per: PriceUnit;
    /** Where it was read. None was checked against AWS's own price pages. */
    readonly source: string;
    /** When it was read or published. */
    readonly date: string;
}

const infracost = "expected figures of Infracost's tests";
const pages = "price comparisons on the web";
const karpenterTable = "Karpenter's price table, made from the AWS price API";
const cacheTable = "a public table made from the AWS price list";

/** Prices of what is billed by its existence or by an assumed volume. */
export const listPrices = {
    controlPlane: { usd: 0.1, per: "hour", source: infracost, date: "2025-07-07" },
    natGateway: { usd: 0.045, per: "hour", source: infracost, date: "2024-07" },
    publicAddress: { usd: 0.005, per: "hour", source: pages, date: "2026" },
    loadBalancer: { usd: 0.0225, per: "hour", source: infracost, date: "2024" },
    loadBalancerCapacity: { usd: 0.008, per: "hour", source: infracost, date: "2024" },
    interfaceEndpoint: { usd: 0.01, per: "hour", source: infracost, date: "2024-10" },
    gp3: { usd: 0.08, per: "GB-month", source: pages, date: "2026" },
    kmsKey: { usd: 1, per: "month", source: infracost, date: "2026" },
    logIngestion: { usd: 0.5, per: "GB", source: pages, date: "2026" },
    alarm: { usd: 0.1, per: "month", source: pages, date: "2026" },
    webAcl: { usd: 5, per: "month", source: infracost, date: "2024-07" },
    webAclRule: { usd: 1, per: "month", source: infracost, date: "2024-07" },
    storedSecret: { usd: 0.4, per: "month", source: pages, date: "2026" },
    databaseStorage: { usd: 0.115, per: "GB-month", source: infracost, date: "2026-05-03" },
    databaseStorageMultiAz: { usd: 0.23, per: "GB-month", source: infracost, date: "2026-05-03" },
} as const satisfies Record<string, ListPrice>;

/** USD per hour of the size `large` of each EC2 family, on demand. */
const largeInstances: Readonly<Record<string, number>> = {
    t3: 0.0832,
    t3a: 0.0752,
    t4g: 0.0672,
    m6i: 0.096,
    m7a: 0.11592,
    m7g: 0.0816,
    m7i: 0.1008,
    "m7i-flex": 0.09576,
    m8g: 0.08976,
    c7g: 0.0725,
};

/** Prices double from size to size of a family. */
const sizes: Readonly<Record<string, number>> = {
    nano: 1 / 16,
    micro: 1 / 8,
    small: 1 / 4,
    medium: 1 / 2,
    large: 1,
    xlarge: 2,
    "2xlarge": 4,
    "4xlarge": 8,
};

/** Price of an EC2 instance on demand, or undefined when its family is not listed. */
export function instancePrice(instanceType: string): ListPrice | undefined {
    const [family = "", size = ""] = instanceType.split(".");
    const large = largeInstances[family];
    const factor = sizes[size];
    if (large === undefined || factor === undefined) return undefined;
    return { usd: large * factor, per: "hour", source: karpenterTable, date: "2026-07-20" };
}

/** USD per hour of RDS for PostgreSQL in one zone. */
const databaseInstances: Readonly<Record<string, number>> = {
    "db.t4g.micro": 0.016,
    "db.t4g.small": 0.032,
    "db.t4g.medium": 0.065,
    "db.t4g.large": 0.129,
    "db.m7g.large": 0.168,
};

/** Price of an RDS for PostgreSQL instance; in two zones it is double. Undefined when its class is not listed. */
export function databasePrice(instanceClass: string, multiAz: boolean): ListPrice | undefined {
    const usd = databaseInstances[instanceClass];
    if (usd === undefined) return undefined;
    return { usd: multiAz ? 2 * usd : usd, per: "hour", source: infracost, date: "2026-05-03" };
}

/** USD per hour of an ElastiCache node. */
const cacheNodes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    redis: {
        "cache.t4g.micro": 0.016,
        "cache.t4g.small": 0.032,
        "cache.t4g.medium": 0.065,
        "cache.m7g.large": 0.158,
    },
    valkey: {
        "cache.t4g.micro": 0.0128,
        "cache.t4g.small": 0.0256,
        "cache.t4g.medium": 0.052,
        "cache.m7g.large": 0.1264,
    },
};

/** Price of an ElastiCache node of an engine, `valkey` or `redis`. Undefined when it is not listed. */
export function cachePrice(engine: string, nodeType: string): ListPrice | undefined {
    const usd = cacheNodes[engine]?.[nodeType];
    return usd === undefined ? undefined : { usd, per: "hour", source: cacheTable, date: "2026-10-02" };
}
