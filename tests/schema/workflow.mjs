// workflow.mjs FILE...: prints what is wrong with each as a workflow of GitHub
// Actions, and ends with 1 if anything.
import {createRequire} from "node:module";
import {readFileSync} from "node:fs";

const {validateWorkflow} = createRequire(import.meta.url)(
	"@action-validator/core");

for (const path of process.argv.slice(2)) {
	const {errors} = validateWorkflow(readFileSync(path, "utf8"));

	if (!errors.length)
		continue;
	console.log(path, JSON.stringify(errors, null, 1));
	process.exitCode = 1;
}
