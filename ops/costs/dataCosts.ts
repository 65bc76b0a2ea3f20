import { at, numberAt, ofType, textAt } from "../plan/facts.ts";
import type { Plan, PlannedResource } from "../plan/model.ts";
import { type CostItem, costItem } from "./items.ts";
import { cachePrice, databasePrice, listPrices } from "./listPrices.ts";

function databaseCosts({ inputs }: PlannedResource): CostItem[] {
    const instanceClass = textAt(inputs, "instanceClass") ?? "unknown";
    const multiAz = at(inputs, "multiAz") === true;
    const where = multiAz ? "two zones" : "one zone";
    return [
        ...costItem(
            `PostgreSQL ${instanceClass} in ${where}`,
            1,
            databasePrice(instanceClass, multiAz),
            "backups up to the size of the storage are free",
        ),
        ...costItem(
            `PostgreSQL storage in ${where}, GB`,
            numberAt(inputs, "allocatedStorage") ?? 0,
            multiAz ? listPrices.databaseStorageMultiAz : listPrices.databaseStorage,
        ),
    ];
}

function cacheCosts({ inputs }: PlannedResource): CostItem[] {
    const nodeType = textAt(inputs, "nodeType") ?? "unknown";
    const engine = textAt(inputs, "engine") ?? "redis";
    const shards = numberAt(inputs, "numNodeGroups") ?? 1;
    const nodes =
        numberAt(inputs, "numCacheClusters") ??
        shards * (1 + (numberAt(inputs, "replicasPerNodeGroup") ?? 0));
    return costItem(`Cache nodes ${nodeType}, ${engine}`, nodes, cachePrice(engine, nodeType));
}

/** Data stores that AWS runs. */
export function dataCosts(plan: Plan): CostItem[] {
    return [
        ...ofType(plan, "aws:rds/instance:Instance").flatMap(databaseCosts),
        ...ofType(plan, "aws:elasticache/replicationGroup:ReplicationGroup").flatMap(cacheCosts),
    ];
}

/** GB a log group takes in each month. Assumed: little is known before there is traffic. */
const logGigabytes = 5;

/** Keys, secrets, logs and alarms. */
export function operationsCosts(plan: Plan): CostItem[] {
    return [
        ...costItem("KMS keys", ofType(plan, "aws:kms/key:Key").length, listPrices.kmsKey),
        ...costItem(
            "Secrets in Secrets Manager",
            ofType(plan, "aws:secretsmanager/secret:Secret").length,
            listPrices.storedSecret,
        ),
        ...costItem(
            "Logs taken in, GB",
            logGigabytes * ofType(plan, "aws:cloudwatch/logGroup:LogGroup").length,
            listPrices.logIngestion,
            `${logGigabytes} GB for each log group`,
        ),
        ...costItem(
            "Alarms",
            ofType(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").length,
            listPrices.alarm,
        ),
    ];
}
