// The keys of every page: Escape closes the menu, "/" and Ctrl K go to the search, Ctrl Enter sends the run form.
// Pages work without this file. It is sent as it stands here, so it keeps to what every browser of today knows.

// "/" belongs to whatever is typed into.
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

addEventListener("keydown", (event) => {
  // Hangul is composed of several keys; none of them is a command.
  if (event.isComposing || event.keyCode === 229) return;
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details.Menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.key === "Enter" && isCommand) {
    const form = event.target.closest?.("form.RunForm");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  const isSlash = event.key === "/" && !isCommand && !event.altKey && !isTyping(event.target);
  const isCtrlK = event.key.toLowerCase() === "k" && isCommand && !event.shiftKey;
  const search = isSlash || isCtrlK ? document.querySelector("[role=search] input") : null;
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});
