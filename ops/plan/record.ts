import { setImmediate } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import debuggableModule from "@pulumi/pulumi/runtime/debuggable.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import structProto, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";

import { computedOutputs, hasComputedOutputs } from "./computedOutputs.ts";
import { type Plan, type PlannedResource, secretText, unknownText } from "./model.ts";

const { RegisterResourceResponse } = resourceProto;
const { Struct, Value } = structProto;

type RegisterRequest = resourceProto.RegisterResourceRequest;
type Callback = (error: unknown, response?: unknown) => void;

/** Internal to the SDK: where a resource was registered, for the engine. */
const Resource = pulumi.Resource as unknown as { stackTrace: (skip: number) => unknown[] };

/** Internal to the SDK: remembers a promise until it ends. */
const debuggable = debuggableModule as { debuggablePromise: <T>(promise: Promise<T>) => Promise<T> };

/** Marks of special values in the engine's protocol. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret value: of an object the keys still show, since a Secret's YAML needs them. */
function concealed(value: unknown): unknown {
    if (Array.isArray(value) || typeof value !== "object" || value === null) return secretText;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, concealed(each)]));
}

/** The value with secrets and unknowns replaced by their texts. */
function printable(value: unknown): unknown {
    if (value === unknownValue) return unknownText;
    if (Array.isArray(value)) return value.map(printable);
    if (typeof value !== "object" || value === null) return value;
    const record = value as Record<string, unknown>;
    if (record[signatureKey] === secretSignature) return concealed(record["value"]);
    return Object.fromEntries(Object.entries(record).map(([key, each]) => [key, printable(each)]));
}

function urnOf(stack: string, project: string, parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2];
    const qualified =
        parentType === undefined || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
    return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** Receives what the program registers, as the engine would, and answers with plausible outputs. */
class RecordingMonitor extends MockMonitor {
    readonly recorded: PlannedResource[] = [];
    outputs: Record<string, unknown> = {};
    readonly #project: string;
    readonly #stack: string;
    readonly #unknown: boolean;

    constructor(project: string, stack: string, unknown: boolean) {
        super({
            newResource: ({ type }) => {
                throw new Error(`the program reads an existing ${type}; a plan has none to read`);
            },
            call: ({ token }) => {
                const message = `the program asks the cloud (${token}); a plan has none to ask`;
                // The SDK shows the details of an error, as gRPC has them.
                throw Object.assign(new Error(message), { details: message });
            },
        });
        this.#project = project;
        this.#stack = stack;
        this.#unknown = unknown;
    }

    override registerResource(request: RegisterRequest, callback: Callback): Promise<void> {
        const type = request.getType();
        const urn = urnOf(this.#stack, this.#project, request.getParent(), type, request.getName());
        if (this.resources.has(urn)) {
            callback(new Error(`the program registers ${urn} twice`));
            return Promise.resolve();
        }
        // The inputs serve as outputs as they are: taking them apart and together again would take most of a plan's time.
        const outputs = request.getObject() ?? new Struct();
        const id = request.getCustom() && !this.#unknown ? `${request.getName()}-id` : "";
        this.resources.set(urn, { urn, id, state: outputs });
        this.recorded.push(this.#planned(urn, request));
        if (!this.#unknown && hasComputedOutputs(type)) {
            const computed = computedOutputs({
                type,
                name: request.getName(),
                inputs: outputs.toJavaScript(),
            });
            for (const [name, value] of Object.entries(computed)) {
                outputs.getFieldsMap().set(name, Value.fromJavaScript(value as JavaScriptValue));
            }
        }
        const response = new RegisterResourceResponse();
        response.setUrn(urn);
        response.setId(id);
        response.setObject(outputs);
        callback(null, response);
        return Promise.resolve();
    }

    override registerResourceOutputs(
        request: resourceProto.RegisterResourceOutputsRequest,
        callback: Callback,
    ): void {
        if (request.getUrn().includes("::pulumi:pulumi:Stack::")) {
            this.outputs = printable(request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>;
        }
        super.registerResourceOutputs(request, callback);
    }

    #planned(urn: string, request: RegisterRequest): PlannedResource {
        const timeouts = request.getCustomtimeouts();
        const timeout = (name: "create" | "update" | "delete", value: string | undefined) =>
            value === undefined || value === "" ? {} : { [name]: value };
        return {
            urn,
            type: request.getType(),
            name: request.getName(),
            custom: request.getCustom(),
            parent: request.getParent() || null,
            // The reference is urn::id.
            provider:
                request.getProvider() === ""
                    ? null
                    : request.getProvider().split("::").slice(0, -1).join("::"),
            inputs: printable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
            dependsOn: request.getDependenciesList().toSorted(),
            protect: request.getProtect() ?? false,
            ignoreChanges: request.getIgnorechangesList(),
            aliases: request
                .getAliasesList()
                .map((alias) => alias.getUrn() || (alias.getSpec()?.getName() ?? "")),
            retainOnDelete: request.getRetainondelete() ?? false,
            deletedWith: request.getDeletedwith() || null,
            customTimeouts: {
                ...timeout("create", timeouts?.getCreate()),
                ...timeout("update", timeouts?.getUpdate()),
                ...timeout("delete", timeouts?.getDelete()),
            },
        };
    }
}

async function recordOnce(
    project: string,
    stack: string,
    program: () => unknown,
    unknown: boolean,
): Promise<Plan> {
    const monitor = new RecordingMonitor(project, stack, unknown);
    await pulumi.runtime.setMocks(monitor.mocks, project, stack, unknown);
    pulumi.runtime.setMockOptions(monitor, project, stack, unknown);
    const errors: unknown[] = [];
    // A registration that fails rejects a promise nobody holds.
    const onRejection = (error: unknown) => errors.push(error);
    process.on("unhandledRejection", onRejection);
    try {
        await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
        await pulumi.runtime.disconnect();
        // Rejections are told of only after the promises of this turn have settled.
        await setImmediate();
    } catch (error) {
        errors.unshift(error);
    } finally {
        process.off("unhandledRejection", onRejection);
        // Else what the engine calls back later in this process, as transforms, would reach this monitor.
        pulumi.runtime.resetOptions("", "", -1, "", "", false, "");
    }
    if (errors.length > 0) throw errors[0];
    return { project, stack, resources: monitor.recorded, outputs: monitor.outputs };
}

export interface RecordOptions {
    /** Leave every output unknown that is not an input, as in the first preview of a new environment. Default: false. */
    unknown?: boolean;
}

/**
 * Runs a program without engine, credentials or network and returns what it registers. Only one recording at a time:
 * the SDK keeps its settings per process. Throws the first error of the program.
 */
export async function record(
    project: string,
    stack: string,
    program: () => unknown,
    { unknown = false }: RecordOptions = {},
): Promise<Plan> {
    // What the SDK notes for whoever debugs a program is more than half of a plan's time: a stack trace for each promise,
    // further promises that find those which never end, and where each resource was registered.
    const { stackTraceLimit } = Error;
    const { stackTrace } = Resource;
    const { debuggablePromise } = debuggable;
    Error.stackTraceLimit = 0;
    Resource.stackTrace = () => [];
    debuggable.debuggablePromise = (promise) => promise;
    try {
        return await recordOnce(project, stack, program, unknown);
    } catch {
        // Once more, for an error that says where it comes from.
        Error.stackTraceLimit = stackTraceLimit;
        return await recordOnce(project, stack, program, unknown);
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
        Resource.stackTrace = stackTrace;
        debuggable.debuggablePromise = debuggablePromise;
    }
}
