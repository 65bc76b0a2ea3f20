/** What a box stands for; it decides its colour. */
export type BoxKind = "outside" | "edge" | "cluster" | "workload" | "data" | "support";

/** One thing in the picture. */
export interface Box {
    readonly id: string;
    readonly kind: BoxKind;
    readonly title: string;
    /** Sizes, versions and names below the title. */
    readonly lines: readonly string[];
}

/** A frame around boxes and other frames. One without content is not drawn. */
export interface Frame {
    readonly id: string;
    readonly title: string;
    readonly boxes: readonly Box[];
    readonly frames: readonly Frame[];
}

/** An arrow between two boxes. One whose end is missing is not drawn. */
export interface Arrow {
    readonly from: string;
    readonly to: string;
    readonly label: string;
    /** Requests flow along `traffic`; `control` makes, watches or protects. */
    readonly kind: "traffic" | "control";
    /** The end is drawn above the begin. */
    readonly upward?: boolean;
}

/** What stands in the account, as a picture shows it. */
export interface Architecture {
    /** The outermost frame, which is not drawn itself. */
    readonly root: Frame;
    readonly arrows: readonly Arrow[];
    /** Ids of boxes that are drawn one below the other; without it unconnected boxes stand side by side. */
    readonly columns: readonly (readonly string[])[];
}

/** A frame, whose parts may be left out. */
export function frame(
    id: string,
    title: string,
    content: { boxes?: readonly Box[]; frames?: readonly Frame[] },
): Frame {
    return { id, title, boxes: content.boxes ?? [], frames: content.frames ?? [] };
}

/** True when nothing is in a frame, at no depth. */
export function isEmpty({ boxes, frames }: Frame): boolean {
    return boxes.length === 0 && frames.every(isEmpty);
}

/** All boxes of a frame, at every depth. */
export function boxesOf({ boxes, frames }: Frame): Box[] {
    return [...boxes, ...frames.flatMap(boxesOf)];
}
