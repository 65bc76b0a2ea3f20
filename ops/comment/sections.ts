import { fence } from "./text.ts";

/**
 * Size of a text, counted so that it is never less than what GitHub counts. Its message says "maximum is 65536 characters",
 * which some of its interfaces enforce as code points and others as 4 bytes each; line ends may be counted as two. Bytes of
 * UTF-8 and one more for each line are never fewer than any of these.
 */
export function sizeOf(text: string): number {
    return Buffer.byteLength(text, "utf8") + text.split("\n").length - 1;
}

/** A part of a comment that can be shown in less space. */
export interface Section {
    /** The least that is shown: says what is left out. */
    least: string;
    /** The whole part, or as much of it as fits; never larger than `space` unless that is smaller than `least`. */
    render: (space: number) => string;
}

export interface ListArgs {
    /** What stands before and after the lines; each ends with a line end. */
    open: string;
    close: string;
    /** The lines, without line ends. */
    lines: readonly string[];
    /** What stands after `close` when lines are left out, without a line end. */
    more: (left: number) => string;
    /** Shown instead of the list when not one line fits, without a line end. */
    least: string;
}

/** A list of which the first lines are shown that fit. Empty when there are no lines. */
export function list({ open, close, lines, more, least }: ListArgs): Section {
    const shown = (count: number): string => {
        const rest = count < lines.length ? `\n${more(lines.length - count)}\n` : "";
        return `${open}${lines.slice(0, count).join("\n")}\n${close}${rest}\n`;
    };
    const minimum = lines.length === 0 ? "" : `${least}\n\n`;
    return {
        least: minimum,
        render: (space) => {
            if (lines.length === 0) return "";
            const whole = sizeOf(shown(lines.length));
            if (whole <= space) return shown(lines.length);
            // The longest count is that of all lines.
            let room = space - sizeOf(`${open}\n${close}\n${more(lines.length)}\n\n`);
            let count = 0;
            for (const line of lines) {
                room -= sizeOf(line) + 2;
                if (room < 0) break;
                count += 1;
            }
            return count === 0 ? minimum : shown(count);
        },
    };
}

/** The same lines as a block of code, folded when it has a title. */
export function codeList(
    args: Omit<ListArgs, "open" | "close"> & { language: string; title: string; folded: boolean },
): Section {
    const { language, title, folded, ...rest } = args;
    const marks = fence(args.lines);
    return list({
        ...rest,
        open: folded
            ? `<details><summary>${title}</summary>\n\n${marks}${language}\n`
            : `${title}\n\n${marks}${language}\n`,
        close: folded ? `${marks}\n\n</details>\n` : `${marks}\n`,
    });
}

/** Puts sections together in at most `limit`: the earlier ones get the space, the later ones say what they leave out. */
export function assemble(sections: readonly Section[], limit: number): { text: string; complete: boolean } {
    const whole = sections.map((section) => section.render(Number.POSITIVE_INFINITY));
    if (whole.reduce((sum, text) => sum + sizeOf(text), 0) <= limit) {
        return { text: whole.join(""), complete: true };
    }
    let spare = limit - sections.reduce((sum, { least }) => sum + sizeOf(least), 0);
    const texts = sections.map((section) => {
        const least = sizeOf(section.least);
        const text = section.render(least + spare);
        spare -= sizeOf(text) - least;
        return text;
    });
    return { text: texts.join(""), complete: false };
}
