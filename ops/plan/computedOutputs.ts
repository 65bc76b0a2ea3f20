import { unknownText } from "./model.ts";

/** What a provider is told of a resource. */
export interface Registration {
    readonly type: string;
    /** Name in the program. */
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
}

/** The name in AWS, where the program gives one. */
function physicalName({ name, inputs }: Registration): string {
    return typeof inputs["name"] === "string" ? inputs["name"] : name;
}

type Outputs = Record<string, unknown>;

/** Account and region of every made-up ARN: the ones AWS uses in its documentation. */
const region = "us-east-1";
const account = "123456789012";

function arn(service: string, resource: string, inRegion = region): string {
    return `arn:aws:${service}:${inRegion}:${account}:${resource}`;
}

/** An id of the form EC2 gives, which the schemas of Kubernetes objects that hold one ask for. */
function ec2Id(prefix: string, name: string): string {
    return `${prefix}-${name.replaceAll(/[^a-z0-9]/g, "")}`;
}

function subnetIds(name: string, kind: string, zones: number): string[] {
    return Array.from({ length: zones }, (_, index) => ec2Id("subnet", `${name}${kind}${index + 1}`));
}

const byType: Record<string, (registration: Registration) => Outputs> = {
    "aws:acm/certificate:Certificate": ({ name, inputs }) => {
        const hosts = [inputs["domainName"], ...(inputs["subjectAlternativeNames"] as unknown[])].map(String);
        return {
            arn: arn("acm", `certificate/${name}-id`),
            // AWS gives them in any order.
            domainValidationOptions: hosts.toReversed().map((host) => ({
                domainName: host,
                resourceRecordName: `_${name}.${host}.`,
                resourceRecordType: "CNAME",
                resourceRecordValue: `_${name}.acm-validations.aws.`,
            })),
        };
    },
    "aws:cloudwatch/eventRule:EventRule": (each) => ({
        arn: arn("events", `rule/${physicalName(each)}`),
    }),
    "aws:cloudwatch/logGroup:LogGroup": (each) => ({
        arn: arn("logs", `log-group:${physicalName(each)}`),
    }),
    "aws:ec2/eip:Eip": ({ name }) => ({ allocationId: `${name}-id`, publicIp: "192.0.2.1" }),
    "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
    "aws:eks/nodeGroup:NodeGroup": ({ inputs }) => ({
        arn: arn("eks", `nodegroup/${String(inputs["clusterName"])}/${String(inputs["nodeGroupName"])}/0`),
    }),
    "aws:elasticache/parameterGroup:ParameterGroup": (each) => ({ name: physicalName(each) }),
    "aws:elasticache/replicationGroup:ReplicationGroup": ({ inputs }) => ({
        arn: arn("elasticache", `replicationgroup:${String(inputs["replicationGroupId"])}`),
        primaryEndpointAddress: `master.${String(inputs["replicationGroupId"])}.cache.invalid`,
    }),
    "aws:elasticache/subnetGroup:SubnetGroup": (each) => ({ name: physicalName(each) }),
    "aws:iam/policy:Policy": (each) => ({
        arn: arn("iam", `policy/${physicalName(each)}`, ""),
    }),
    "aws:iam/role:Role": (each) => ({
        name: physicalName(each),
        arn: arn("iam", `role/${physicalName(each)}`, ""),
    }),
    "aws:kms/key:Key": ({ name }) => ({ keyId: `${name}-id`, arn: arn("kms", `key/${name}-id`) }),
    "aws:route53/record:Record": ({ inputs }) => ({ fqdn: String(inputs["name"]).replace(/\.$/, "") }),
    "aws:rds/instance:Instance": ({ inputs }) => ({
        arn: arn("rds", `db:${String(inputs["identifier"])}`),
        address: `${String(inputs["identifier"])}.rds.invalid`,
    }),
    "aws:rds/parameterGroup:ParameterGroup": (each) => ({ name: physicalName(each) }),
    "aws:rds/subnetGroup:SubnetGroup": (each) => ({ name: physicalName(each) }),
    "aws:secretsmanager/secret:Secret": ({ name, inputs }) => ({
        arn: arn("secretsmanager", `secret:${String(inputs["namePrefix"])}${name}`),
    }),
    "aws:lambda/function:Function": (each) => ({ arn: arn("lambda", `function:${physicalName(each)}`) }),
    "aws:sns/topic:Topic": (each) => ({ arn: arn("sns", physicalName(each)) }),
    "aws:sqs/queue:Queue": (each) => ({
        arn: arn("sqs", physicalName(each)),
        url: `https://sqs.${region}.amazonaws.com/${account}/${physicalName(each)}`,
    }),
    "aws:wafv2/webAcl:WebAcl": (each) => ({
        arn: arn("wafv2", `regional/webacl/${physicalName(each)}/${each.name}-id`),
    }),
    "awsx:ec2:Vpc": ({ name, inputs }) => {
        const zones = (inputs["availabilityZoneNames"] as string[]).length;
        const publicSubnetIds = subnetIds(name, "public", zones);
        const privateSubnetIds = subnetIds(name, "private", zones);
        const isolatedSubnetIds = subnetIds(name, "database", zones);
        return {
            vpcId: ec2Id("vpc", name),
            publicSubnetIds,
            privateSubnetIds,
            isolatedSubnetIds,
            routeTableAssociations: [...publicSubnetIds, ...privateSubnetIds, ...isolatedSubnetIds].map(
                (subnetId) => ({ subnetId, routeTableId: subnetId.replace(/^subnet/, "rtb") }),
            ),
        };
    },
    "eks:index:Cluster": (each) => {
        const { name } = each;
        const cluster = physicalName(each);
        return {
            eksCluster: {
                name: cluster,
                arn: arn("eks", `cluster/${cluster}`),
                endpoint: `https://${cluster}.eks.invalid`,
                // "not a certificate"
                certificateAuthority: { data: "bm90IGEgY2VydGlmaWNhdGU=" },
                vpcConfig: { clusterSecurityGroupId: ec2Id("sg", name) },
            },
        };
    },
    "kubernetes:networking.k8s.io/v1:Ingress": () => ({
        status: { loadBalancer: { ingress: [{ hostname: unknownText }] } },
    }),
};

/** True when a type has outputs beyond its inputs. */
export function hasComputedOutputs(type: string): boolean {
    return type in byType;
}

/**
 * The outputs that a resource has beyond its inputs. They are made up, of the shape the real ones have; what people would
 * take for real prints as unknown.
 */
export function computedOutputs(registration: Registration): Outputs {
    return byType[registration.type]?.(registration) ?? {};
}
