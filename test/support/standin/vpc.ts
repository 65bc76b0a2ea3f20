import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface SubnetSpec {
    type: "Public" | "Private" | "Isolated";
    name?: string;
    cidrBlocks: string[];
    tags?: Record<string, string>;
}

/** The arguments of `awsx.ec2.Vpc` that the stand-in knows. */
export interface StandInVpcArgs {
    cidrBlock: string;
    availabilityZoneNames: string[];
    subnetSpecs: SubnetSpec[];
    natGateways?: { strategy: "None" | "Single" | "OnePerAz" };
    enableDnsHostnames?: pulumi.Input<boolean>;
    enableDnsSupport?: pulumi.Input<boolean>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Makes the resources that `awsx.ec2.Vpc` makes, with the same names and parents. */
export class StandInVpc extends pulumi.ComponentResource {
    readonly state: pulumi.Inputs;
    readonly #name: string;
    readonly #args: StandInVpcArgs;
    readonly #vpc: aws.ec2.Vpc;
    readonly #internetGateway: aws.ec2.InternetGateway;
    readonly #subnets: { type: string; subnet: aws.ec2.Subnet }[] = [];
    readonly #routeTables: aws.ec2.RouteTable[] = [];
    readonly #routeTableAssociations: aws.ec2.RouteTableAssociation[] = [];
    readonly #routes: aws.ec2.Route[] = [];
    readonly #eips: aws.ec2.Eip[] = [];
    readonly #natGateways: aws.ec2.NatGateway[] = [];

    constructor(name: string, args: StandInVpcArgs, opts: pulumi.ComponentResourceOptions) {
        super("awsx:ec2:Vpc", name, {}, opts);
        this.#name = name;
        this.#args = args;
        const { subnetSpecs, availabilityZoneNames, cidrBlock } = args;
        const tags = this.#tags(name);
        this.#vpc = new aws.ec2.Vpc(
            name,
            {
                cidrBlock,
                enableDnsHostnames: args.enableDnsHostnames,
                enableDnsSupport: args.enableDnsSupport,
                tags,
            },
            { parent: this },
        );
        this.#internetGateway = new aws.ec2.InternetGateway(
            name,
            { vpcId: this.#vpc.id, tags },
            { parent: this.#vpc, dependsOn: this.#vpc },
        );
        const order = ["Public", "Private", "Isolated"];
        const specs = subnetSpecs.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
        for (const [zone, zoneName] of availabilityZoneNames.entries()) {
            for (const spec of specs) this.#addSubnet(spec, zone, zoneName);
        }
        this.state = this.#outputs();
        this.registerOutputs(this.state);
    }

    #tags(name: string, more: Record<string, string> = {}): pulumi.Output<Record<string, string>> {
        return pulumi
            .output(this.#args.tags ?? {})
            .apply((tags): Record<string, string> => ({ Name: name, ...tags, ...more }));
    }

    #addSubnet(spec: SubnetSpec, zone: number, availabilityZone: string): void {
        const name = `${this.#name}-${spec.name ?? spec.type.toLowerCase()}-${zone + 1}`;
        const cidrBlock = spec.cidrBlocks[zone];
        if (cidrBlock === undefined) throw new Error(`the stand-in for awsx needs cidrBlocks of ${name}`);
        const tags = this.#tags(name, { Name: name, SubnetType: spec.type });
        const subnet = new aws.ec2.Subnet(
            name,
            {
                vpcId: this.#vpc.id,
                availabilityZone,
                cidrBlock,
                mapPublicIpOnLaunch: spec.type === "Public",
                tags: tags.apply((all) => ({ ...all, ...spec.tags })),
            },
            { parent: this.#vpc, dependsOn: this.#vpc },
        );
        const routeTable = new aws.ec2.RouteTable(
            name,
            { vpcId: this.#vpc.id, tags },
            { parent: subnet, dependsOn: subnet },
        );
        const child = { parent: routeTable, dependsOn: routeTable };
        const association = new aws.ec2.RouteTableAssociation(
            name,
            { routeTableId: routeTable.id, subnetId: subnet.id },
            child,
        );
        this.#subnets.push({ type: spec.type, subnet });
        this.#routeTables.push(routeTable);
        this.#routeTableAssociations.push(association);
        if (spec.type === "Public") this.#addNatGateway(subnet, zone);
        const target = this.#internet(spec.type, zone);
        if (target === undefined) return;
        this.#routes.push(
            new aws.ec2.Route(
                name,
                { routeTableId: routeTable.id, destinationCidrBlock: "0.0.0.0/0", ...target },
                child,
            ),
        );
    }

    #internet(type: string, zone: number): Partial<aws.ec2.RouteArgs> | undefined {
        if (type === "Public") return { gatewayId: this.#internetGateway.id };
        const natGateway = this.#natGateways[zone] ?? this.#natGateways[0];
        return type === "Private" && natGateway !== undefined ? { natGatewayId: natGateway.id } : undefined;
    }

    #addNatGateway(subnet: aws.ec2.Subnet, zone: number): void {
        const strategy = this.#args.natGateways?.strategy ?? "OnePerAz";
        if (strategy === "None" || (strategy === "Single" && zone > 0)) return;
        const name = `${this.#name}-${zone + 1}`;
        const child = { parent: subnet, dependsOn: subnet };
        const tags = this.#tags(name, { Name: name });
        const eip = new aws.ec2.Eip(name, { tags }, child);
        this.#eips.push(eip);
        this.#natGateways.push(
            new aws.ec2.NatGateway(
                name,
                { subnetId: subnet.id, allocationId: eip.allocationId, tags },
                child,
            ),
        );
    }

    #outputs(): pulumi.Inputs {
        const of = (type: string): aws.ec2.Subnet[] =>
            this.#subnets.filter((each) => each.type === type).map(({ subnet }) => subnet);
        const ids = (subnets: aws.ec2.Subnet[]): pulumi.Output<string>[] => subnets.map(({ id }) => id);
        return {
            vpc: this.#vpc,
            vpcId: this.#vpc.id,
            internetGateway: this.#internetGateway,
            subnets: this.#subnets.map(({ subnet }) => subnet),
            publicSubnets: of("Public"),
            privateSubnets: of("Private"),
            isolatedSubnets: of("Isolated"),
            publicSubnetIds: ids(of("Public")),
            privateSubnetIds: ids(of("Private")),
            isolatedSubnetIds: ids(of("Isolated")),
            routeTables: this.#routeTables,
            routeTableAssociations: this.#routeTableAssociations,
            routes: this.#routes,
            natGateways: this.#natGateways,
            eips: this.#eips,
            vpcEndpoints: [],
            subnetLayout: [],
        };
    }
}
