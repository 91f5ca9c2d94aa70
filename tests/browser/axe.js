// The body of a function that returns the violations on the page, and the text whose contrast axe-core cannot determine.
// Form fields are left out there: they are empty or have an arrow as background.
const [tags, done] = arguments;
// Ends animations, which would be checked in an intermediate state.
for (const animation of document.getAnimations()) animation.cancel();

const describe = ({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.split("\n").slice(1).join(";")}`);

function undetermined({ id, nodes }) {
  const text = nodes.filter(({ element }) => !element.matches("input, select, textarea"));
  return { id, nodes: id === "color-contrast" ? text : [] };
}

axe.run({ runOnly: tags, rules: { "target-size": { enabled: true } }, elementRef: true }).then(
  ({ violations, incomplete }) => done([...violations, ...incomplete.map(undetermined)].flatMap(describe)),
  (error) => done([`axe failed: ${error}`]),
);
