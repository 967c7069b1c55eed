/** Stands in for Node's types where a package asks for them (`papaparse`), so that code of the page cannot use Node. */
export {};
