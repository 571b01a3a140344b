/**
 * The table of all settings for people, made from the schema.
 * @module
 */
import { kurentoNamesOf } from './kurento.ts';
import { settingKeys, type SettingKey } from './settings.ts';

/** Text that may stand in a cell. */
function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

function row(setting: SettingKey): string {
  const { key, types, fallback, description, isSecret, isUnused } = setting;
  const remarks = [description, isSecret ? '*secret*' : '', isUnused ? '*kept, not used yet*' : ''];
  const kurento = kurentoNamesOf(key).map((name) => `\`${name}\``);
  const cells = [
    `\`${key}\``,
    [...types].join(', '),
    fallback === undefined ? '' : `\`${JSON.stringify(fallback)}\``,
    remarks.filter((remark) => remark !== '').join('; '),
    kurento.join(', '),
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** The page `docs/settings.md`. */
export function printSettingsPage(): string {
  return `# Settings

Made by \`npm run gen\` from the schema of the server; [configure](configure.md) says how settings are given.

Key: as in \`rivero.config.json\`, where a dot is a level. \`tls.clientCa\` is \`RIVERO_TLS_CLIENT_CA\` in the environment and
\`--tls-client-ca\` on the command line. Last column: the same in Kurento's files and in the variables of its image.

| key | type | default | what it is for | Kurento |
|---|---|---|---|---|
${settingKeys.map(row).join('\n')}
`;
}
