// Before the first paint, so that a page of the other colour never flashes. No module: those wait.
{
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
