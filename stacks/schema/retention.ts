import { z } from "zod";

/** The only numbers of days CloudWatch Logs takes (PutRetentionPolicy). */
const allowedDays = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Days CloudWatch Logs keeps what is written to a log group. */
export const retentionDays = (byDefault: (typeof allowedDays)[number]) =>
    z.literal(allowedDays).default(byDefault);
