// validate.mjs sarif|codequality|markdown FILE...: prints what each file breaks
// of the official SARIF 2.1.0 schema, of docs/codequality.schema.json, or of
// what our Markdown may be made of; and of the limits that the services behind
// them have.  Ends with 1 if anything.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {gzipSync} from "node:zlib";
import Ajv2020 from "ajv/dist/2020.js";
import Ajv04 from "ajv-draft-04";
import {marked} from "marked";

const require = createRequire(import.meta.url);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
// The SARIF schema is of draft 4, and has patterns that are not for "u".
const options = {allErrors: true, strict: false, unicodeRegExp: false,
	formats: {uri: isUri, "uri-reference": isUriReference,
		"date-time": isDateTime}};

function isUriReference(text) {
	return /^([A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/
		.test(text) && !/^[^/?#]*:/.test(text.replace(
			/^[A-Za-z][A-Za-z0-9+.-]*:/, ""));
}

function isUri(text) {
	return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) && isUriReference(text);
}

function isDateTime(text) {
	return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) &&
		!Number.isNaN(Date.parse(text));
}

function sarifSchema() {
	return read(require.resolve("@microsoft/jest-sarif/package.json")
		.replace("package.json",
			"lib/schemas/sarif-2.1.0-rtm.5.json"));
}

// What the schema does not say: indexes point at what they name, links at
// what there is, and GitHub refuses more than so much.
function* sarifRules(log, bytes) {
	if (gzipSync(bytes).length > 10 * 1000 * 1000)
		yield "more than 10 MB, packed by gzip";
	for (const run of log.runs) {
		const rules = run.tool.driver.rules ?? [];

		if (run.results.length > 25000)
			yield `${run.results.length} results`;
		for (const [i, result] of run.results.entries())
			for (const error of resultRules(result, rules))
				yield `result ${i}: ${error}`;
	}
}

function* resultRules(result, rules) {
	const hash = result.partialFingerprints?.primaryLocationLineHash;
	const related = result.relatedLocations ?? [];
	const steps = (result.codeFlows ?? []).flatMap((flow) =>
		flow.threadFlows.flatMap((thread) => thread.locations));

	if (rules[result.ruleIndex]?.id !== result.ruleId)
		yield `rule ${result.ruleIndex} is not '${result.ruleId}'`;
	if (!/^[0-9a-f]+:[1-9][0-9]*$/.test(hash ?? ""))
		yield `primaryLocationLineHash is '${hash}'`;
	if (result.locations?.length !== 1)
		yield "has not one location";
	if (related.length + 1 > 1000)
		yield `${related.length + 1} locations`;
	if (steps.length > 10000)
		yield `${steps.length} steps of threads`;
	for (const l of [...result.locations ?? [], ...related,
		...steps.map((step) => step.location)]) {
		const at = l.physicalLocation?.artifactLocation;

		if (!at?.uri || !(l.physicalLocation.region?.startLine > 0))
			yield "a location without file or line";
		else if (at.uriBaseId && /^([a-z]+:|\/)/i.test(at.uri))
			yield `'${at.uri}' is not relative`;
		else if (!at.uriBaseId && !at.uri.startsWith("file:///"))
			yield `'${at.uri}' has no base`;
	}
}

function* codequalityRules(list) {
	const seen = new Set();

	for (const {fingerprint} of list) {
		if (seen.has(fingerprint))
			yield `fingerprint ${fingerprint} is not unique`;
		seen.add(fingerprint);
	}
}

// What a reader may see besides text, and what is never ours: a link, an image,
// a script, emphasis out of a name.
const elements = new Set(["h2", "h3", "p", "strong", "code", "pre", "ul", "li",
	"table", "thead", "tbody", "tr", "th", "td", "br", "details",
	"summary"]);

function* markdownRules(text) {
	const html = marked.parse(text, {gfm: true});
	const bare = html
		.replace(/<pre>.*?<\/pre>|<code>.*?<\/code>/gs, "")
		.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code));
	const count = (tag) => html.split(tag).length;

	if (Buffer.byteLength(text) >= 1024 * 1024)
		yield "1 MiB or more";
	for (const [tag, name] of html.matchAll(/<\/?([^\s>/]+)[^>]*>/g))
		if (!elements.has(name.toLowerCase()))
			yield `has ${tag}`;
	if (count("<details>") !== count("</details>"))
		yield "a fold is not closed";
	// A cell too many is not even shown.
	for (const [row] of text.replace(/^(`{3,}).*?^\1$/gms, "")
		.matchAll(/^\|.*$/gm))
		if (row.split("|").length !== 8)
			yield `a row without six cells: ${row}`;
	for (const [reference] of bare.matchAll(
		/[@#!$~^]\w+|:(?=\w*[a-z])\w+:|\w+:\/\/|www\.\w/g))
		yield `is taken for a reference: ${reference}`;
}

function schemaOf(validate, rules) {
	return function* (bytes) {
		const document = JSON.parse(bytes);

		if (validate(document))
			yield* rules(document, bytes);
		else
			for (const e of validate.errors)
				yield `${e.instancePath} ${e.message}`;
	};
}

const kinds = {
	sarif: () => schemaOf(new Ajv04(options).compile(sarifSchema()),
		sarifRules),
	codequality: () => schemaOf(new Ajv2020(options).compile(read(
		new URL("../../docs/codequality.schema.json",
			import.meta.url))), codequalityRules),
	markdown: () => (bytes) => markdownRules(bytes.toString()),
};
const [kind, ...paths] = process.argv.slice(2);
const check = kinds[kind]();

for (const path of paths) {
	const errors = [...check(readFileSync(path))];

	for (const error of errors.slice(0, 20))
		console.log(`${path}: ${error}`);
	if (errors.length)
		process.exitCode = 1;
}
