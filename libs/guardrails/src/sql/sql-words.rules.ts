/** What a word does in the fragment of a statement. */
export type WordRole =
  | 'logic'
  | 'compare'
  | 'infix'
  | 'prefix'
  | 'literal'
  | 'union'
  | 'filter'
  | 'by'
  | 'clause'
  | 'join'
  | 'statement'
  | 'ending'
  | 'into'
  | 'as'
  | 'is'
  | 'not'
  | 'for'
  | 'procedure'
  | 'case'
  | 'prose';

const words: Readonly<Record<WordRole, string>> = {
  logic: 'and or xor',
  compare: 'like rlike regexp ilike glob similar sounds in between match',
  infix: 'div mod collate escape against',
  prefix: 'binary distinct distinctrow all any some exists interval prior top sql_no_cache straight_join',
  literal:
    'null true false unknown current_user session_user system_user current_date current_time current_timestamp localtime localtimestamp utc_time utc_date utc_timestamp sysdate rownum',
  union: 'union intersect except minus',
  filter: 'where having on',
  by: 'group order',
  clause: 'from limit offset using separator then else when values set returning over partition rows fetch',
  join: 'join left right inner outer cross natural full',
  statement:
    'select insert update delete drop alter create truncate grant revoke exec execute declare shutdown waitfor begin if load call copy merge handler rename backup restore kill goto lock do attach pragma vacuum print with while use',
  ending: 'asc desc end rollup nulls first last only',
  into: 'into',
  as: 'as',
  is: 'is',
  not: 'not',
  for: 'for',
  procedure: 'procedure',
  case: 'case',
  // Names no table and no column has: where one of them stands as a name, the text is English.
  prose:
    'the an this that these those of to at my your our their his her its he she we you they them me us who which what there here be been was were are will would should could can may must has have had do does did so because about please really very just than also more most less some such any each every other another both either neither few many much',
};

export const wordRoles: ReadonlyMap<string, WordRole> = new Map(
  Object.entries(words)
    .reverse()
    .flatMap(([role, list]) => list.split(' ').map((word) => [word, role as WordRole] as const)),
);

const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Functions that only an attack calls within a value: they wait, read files, reach the network or fail on purpose. */
export const attackFunctions = list(
  `pg_sleep pg_read_file pg_ls_dir lo_import lo_export dblink_connect query_to_xml database_to_xml
  extractvalue updatexml load_file json_keys gtid_subset gtid_subtract
  xp_cmdshell xp_regread xp_dirtree xp_fileexist openrowset opendatasource openquery fn_xe_file_target_read_file
  utl_http utl_inaddr utl_file dbms_pipe dbms_lock user_lock dbms_utility dbms_xmlgen dbms_ldap dbms_java ctxsys httpuritype xmltype
  randomblob load_extension sys_eval sys_exec crypt_key rdb$get_context dbms_session httpget sqlid_to_sqlhash raise_error regexp_substring`,
);

/** Functions whose names other languages use too; one of them counts behind AND, OR, UNION or a value that was closed. */
export const commonAttackFunctions = list(
  'sleep benchmark delay shell exec system char chr version database user load',
);

/** Functions that are SQL's alone, or nearly: two of them, nested or side by side, are a fragment of SQL. */
export const sqlFunctions = list(
  `version database schema user current_user session_user system_user concat_ws group_concat string_agg char chr ascii ord substr substring mid
  hex unhex uncompress compress lpad rpad ifnull nullif coalesce iif isnull nvl elt conv aes_encrypt aes_decrypt md5 sha1 cast convert
  length concat load_file find_in_set make_set export_set bin bit_count db_name user_name object_id col_name suser_name
  row_count last_insert_id connection_id sleep pg_sleep benchmark generate_series array_agg array_to_json xmlagg listagg wm_concat rawtohex
  to_char to_number dump floor rand pi cos sin binary_checksum row procedure`,
);

/** Of those, what Python and others have too. */
export const sharedFunctions = list(
  'chr ord bin hex floor rand pi cos sin length char md5 sha1 user version cast row ascii convert procedure dump compress sleep',
);

/** Verbs that a text may begin with and still be no English, going by what follows them. */
export const leadingVerbs = list(
  'insert update delete drop alter create truncate grant revoke exec execute declare waitfor merge backup',
);

/** What DROP, CREATE and ALTER may stand in front of. */
export const objectTypes = list('table database view index procedure function schema trigger tablespace sequence proc');

/** The same, but English creates them too. */
export const commonObjectTypes = list('user login role type event server extension domain column assembly');

export const objectModifiers = list(
  'or replace unique temporary temp global session external materialized recursive clustered nonclustered',
);

/** System catalogues and tables of credentials: what an injected UNION goes for. */
export const sensitiveTable =
  /^(?:information_schema|pg_catalog|pg_shadow|pg_authid|pg_user|pg_roles|sqlite_(?:master|schema)|sysobjects|syscolumns|sysusers|syslogins|sys|all_tables|all_users|dba_\w{1,60}|user_tables|v\$\w{1,60}|mysql|msysobjects|\w{0,60}(?:users?|accounts?|admins?|members?|passwords?|passwd|credentials?|secrets?|tokens?|logins?|api_keys?|credit_?cards?))$/i;
