/** First in, first out. Taking one takes the same time however many wait, unlike `Array.prototype.shift`. */
export class Queue<T> {
    #items: T[] = [];
    #first = 0;

    get length(): number {
        return this.#items.length - this.#first;
    }

    push(item: T): void {
        this.#items.push(item);
    }

    /** Takes the oldest; undefined when there is none. */
    shift(): T | undefined {
        const item = this.#items[this.#first];
        if (this.length > 0) this.#first++;
        // Moves what is left only after as many have gone.
        if (this.#first * 2 > this.#items.length) {
            this.#items = this.#items.slice(this.#first);
            this.#first = 0;
        }
        return item;
    }
}
