// The body of a function: finds what is wrong on the page, and also whose contrast axe-core cannot tell. Fields do not
// count there: those are empty, or have an arrow.
const [tags, done] = arguments;
// Nothing is looked at half-way.
for (const animation of document.getAnimations()) animation.cancel();

const tell = ({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.split("\n").slice(1).join(";")}`);

function dim({ id, nodes }) {
  const words = nodes.filter(({ element }) => !element.matches("input, select, textarea"));
  return { id, nodes: id === "color-contrast" ? words : [] };
}

axe.run({ runOnly: tags, rules: { "target-size": { enabled: true } }, elementRef: true }).then(
  ({ violations, incomplete }) => done([...violations, ...incomplete.map(dim)].flatMap(tell)),
  (error) => done([`axe does not run: ${error}`]),
);
