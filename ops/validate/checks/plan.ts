import { unknownText } from "../../plan/model.ts";
import { describeDifferences, differences } from "../differences.ts";
import { type Check, type Context, objectName, type Outcome } from "../model.ts";
import type { PlannedObject } from "../planned.ts";
import { unreadKinds } from "../snapshot.ts";
import { templateAdditions } from "../templateAdditions.ts";

const remedy = "Bring the stack up, which changes it back, or put the change into the stack file.";

/** What built-in kinds come without in lists. */
const inList = ["apiVersion", "kind"];

/** True for a path at or below one that another check has told. */
function isTold(path: string, told: readonly string[]): boolean {
    return told.some(
        (each) => path === each || (path.startsWith(each) && /^[.[]/.test(path.slice(each.length))),
    );
}

/** Kinds whose pod template nobody but an update changes. A Job's gets labels. */
const templateKinds: ReadonlySet<string> = new Set(["DaemonSet", "Deployment", "StatefulSet"]);

interface WithTemplate {
    spec?: { template?: unknown };
}

function compare({ cluster }: Context, object: PlannedObject, told: readonly string[]): Outcome[] {
    if (told.includes("")) return [];
    const live = cluster.counterpart(object);
    const name =
        object.metadata.namespace === undefined
            ? objectName(object)
            : `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
    if (live === undefined) {
        return [{ object: name, status: "fail", message: "does not exist", remedy: "Bring the stack up." }];
    }
    const additions = templateKinds.has(object.kind)
        ? templateAdditions(
              (object as WithTemplate).spec?.template,
              (live as WithTemplate).spec?.template,
              "spec.template",
          )
        : [];
    const found = [...differences(object, live), ...additions].filter(
        ({ path }) => !inList.includes(path) && !isTold(path, told),
    );
    return found.length === 0
        ? []
        : [{ object: name, status: "fail", message: describeDifferences(found), remedy }];
}

export const plan: Check = {
    name: "plan",
    title: "The live objects hold every planned value, and pod templates nothing else; the HPA's replicas and the API server's defaults do not count.",
    needs: ["namespace"],
    run(context, earlier) {
        const { objects } = context.planned;
        const unread = objects.filter(
            ({ kind, metadata }) => unreadKinds.has(kind) || metadata.name === unknownText,
        );
        const told = earlier.flatMap(({ tells = [] }) => tells);
        const compared = objects.filter((object) => !unread.includes(object));
        const outcomes = compared.flatMap((object) =>
            compare(
                context,
                object,
                told.filter((each) => each.object === objectName(object)).map(({ path }) => path),
            ),
        );
        const names = [...new Set(unread.map(({ kind }) => kind))].join(", ");
        return [
            ...outcomes,
            ...(outcomes.length === 0
                ? [
                      {
                          object: "Plan",
                          status: "pass" as const,
                          message: `${compared.length} objects are as planned`,
                      },
                  ]
                : []),
            ...(unread.length > 0
                ? [
                      {
                          object: "Plan",
                          status: "skip" as const,
                          message: `${unread.length} objects are not compared (${names}): validation reads no Secrets, and names may follow their content`,
                      },
                  ]
                : []),
        ];
    },
};
