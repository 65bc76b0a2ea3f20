import { customResourceDefinitions } from "../../../local/crds.ts";
import type { ApiServer } from "../apiServer.ts";
import { poll } from "../poll.ts";
import { chartDefinitions } from "./charts.ts";

const collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Takes the definitions away that charts install, so that what comes before its chart is refused. */
export async function removeDefinitions(server: ApiServer): Promise<void> {
    const names = await chartDefinitions();
    await Promise.all(names.map((name) => server.send("DELETE", `${collection}/${name}`)));
    await poll("the definitions are gone", 60, async () => {
        const answers = await Promise.all(names.map((name) => server.send("GET", `${collection}/${name}`)));
        return answers.every(({ status }) => status === 404) ? true : undefined;
    });
}

/** Brings them back for other tests, without what a chart left on them. */
export async function restoreDefinitions(server: ApiServer): Promise<void> {
    await removeDefinitions(server);
    const names = await chartDefinitions();
    for (const definition of await customResourceDefinitions()) {
        if (!names.includes(definition.metadata.name)) continue;
        const { status } = await server.send("POST", collection, definition);
        if (status !== 201) throw new Error(`${definition.metadata.name} is not taken back: ${status}`);
    }
    await poll("the definitions are established", 60, async () => {
        const answers = await Promise.all(names.map((name) => server.send("GET", `${collection}/${name}`)));
        return answers.every(({ body }) => isEstablished(body)) ? true : undefined;
    });
}

function isEstablished(body: unknown): boolean {
    const { status } = body as { status?: { conditions?: { type: string; status: string }[] } };
    return status?.conditions?.some((each) => each.type === "Established" && each.status === "True") === true;
}
