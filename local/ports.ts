import { randomInt } from "node:crypto";
import { createServer } from "node:net";

import getPort from "get-port";

/** Ports by the name of the server that listens there. */
export type Ports<Name extends string> = Readonly<Record<Name, number>>;

/** True when nothing listens on the loopback port. */
export async function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", () => resolve(false));
        server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
    });
}

/**
 * A free loopback port for each name: the remembered one when it is free, else any other.
 * Ports lie below the range that systems hand out for outgoing connections, so that none is taken between a stop and
 * the next start by chance, and are drawn at random, so that two clusters that start at once hardly want the same.
 */
export async function choosePorts<Name extends string>(
    names: readonly Name[],
    remembered: Partial<Ports<Name>> = {},
): Promise<Ports<Name>> {
    const ports = {} as Record<Name, number>;
    const taken = new Set<number>();
    for (const name of names) {
        const last = remembered[name];
        const port =
            last !== undefined && !taken.has(last) && (await isFree(last))
                ? last
                : await getPort({ host: "127.0.0.1", port: candidates(), exclude: taken });
        taken.add(port);
        ports[name] = port;
    }
    return ports;
}

function candidates(): number[] {
    return Array.from({ length: 20 }, () => randomInt(20_000, 30_000));
}
