/** Tags by key, with the value or pattern that a condition asks for. */
export type Tags = Readonly<Record<string, string>>;

/** Keys of conditions on the tags that a resource has. */
export function resourceTags(tags: Tags): Tags {
    return prefixed("aws:ResourceTag/", tags);
}

/** Keys of conditions on the tags that a request gives. */
export function requestTags(tags: Tags): Tags {
    return prefixed("aws:RequestTag/", tags);
}

function prefixed(prefix: string, tags: Tags): Tags {
    return Object.fromEntries(Object.entries(tags).map(([key, value]) => [prefix + key, value]));
}
