/** One way in which text that is run does harm. `pattern` is linear: bounded repeats, nothing nested. */
export interface CodeRule {
  readonly rule: string;
  readonly score: number;
  /** Words in lower case (letters, digits, `_`); without one of these in the text the pattern is not tried. */
  readonly anchors: readonly string[];
  readonly pattern: RegExp;
}

const of = (rule: string, score: number, anchors: string, pattern: RegExp): CodeRule => ({
  rule,
  score,
  anchors: anchors.split(' ').filter(Boolean),
  pattern,
});

export const CODE_RULES: readonly CodeRule[] = [
  // A call, not a definition (`def exec(`) and not a method of something else (`regex.exec(`, `db.eval(`).
  of('eval', 0.8, 'eval', /(?<![\w.$>:-]|(?:def|function|func|fn|async) )eval\s{0,4}\((?!\s{0,4}\))/g),
  of('eval', 0.8, 'eval', /\b(?:window|globalThis|global|self|builtins|__builtins__)\.eval\s{0,4}\(/g),
  of('eval', 0.7, 'function', /\bnew\s{1,4}Function\s{0,4}\(\s{0,4}['"`\w]/g),
  of('eval', 0.8, 'setinterval settimeout', /\bset(?:Timeout|Interval)\s{0,4}\(\s{0,4}['"`]/g),
  of('eval', 0.8, 'eval', /\beval\s{1,4}["'`]?\$[({\w@]/g),
  of('exec', 0.8, 'exec', /(?<![\w.$>:-]|(?:def|function|func|fn|async) )exec(?:file)?\s{0,4}\(\s{0,4}[\w"'`$]/g),
  of('exec', 0.8, 'compile', /(?<![\w.])compile\s{0,4}\([^()\n]{1,120},\s{0,4}['"](?:exec|eval)['"]/g),
  of(
    'exec',
    0.75,
    '__import__',
    /\b__import__\s{0,4}\(\s{0,4}['"](?:os|subprocess|pty|socket|ctypes|shutil|sys|builtins)['"]/g,
  ),
  of('exec', 0.8, '__subclasses__ __globals__ __builtins__', /\.__(?:subclasses|globals|builtins)__\s{0,4}[([.]/g),
  of('shell_command', 0.85, 'os', /\bos\.(?:system|popen[234]?|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)\s{0,4}\(/g),
  of(
    'shell_command',
    0.8,
    'subprocess',
    /\bsubprocess\.(?:Popen|call|run|check_call|check_output|getoutput|getstatusoutput)\s{0,4}\(/g,
  ),
  of('shell_command', 0.8, 'subprocess', /\bfrom\s{1,4}subprocess\s{1,4}import\b/g),
  of('shell_command', 0.8, 'shell', /\bshell\s{0,4}=\s{0,4}True\b/g),
  of(
    'shell_command',
    0.8,
    'asyncio pty commands',
    /\b(?:asyncio\.create_subprocess_(?:shell|exec)|pty\.spawn|commands\.get(?:status)?output)\s{0,4}\(/g,
  ),
  of(
    'shell_command',
    0.85,
    'child_process',
    /\bchild_process\b['"]?\)?\s{0,4}\.\s{0,4}(?:exec|spawn|execFile|fork)(?:Sync)?\s{0,4}\(/g,
  ),
  of(
    'shell_command',
    0.75,
    'child_process',
    /\b(?:require\s{0,4}\(|from|import)\s{0,4}['"](?:node:)?child_process['"]/g,
  ),
  of(
    'shell_command',
    0.8,
    'execsync spawnsync execfilesync',
    /(?<![\w$])(?:execSync|spawnSync|execFileSync)\s{0,4}\(/g,
  ),
  of('shell_command', 0.85, 'getruntime', /\bgetRuntime\s{0,4}\(\s{0,4}\)\s{0,4}\.\s{0,4}exec\s{0,4}\(/g),
  of(
    'shell_command',
    0.75,
    'processbuilder process processstartinfo',
    /\bnew\s{1,4}Process(?:Builder|StartInfo)\s{0,4}\(|\bProcess\.Start\s{0,4}\(/g,
  ),
  of(
    'shell_command',
    0.8,
    'shell_exec passthru proc_open popen pcntl_exec system',
    /(?<![\w.$>:-]|(?:def|function|func|fn|int) )(?:shell_exec|passthru|proc_open|pcntl_exec|popen|system)\s{0,4}\(\s{0,4}["'$\w]/g,
  ),
  of(
    'shell_command',
    0.75,
    'command commandcontext popen execute kernel open3',
    /\b(?:exec\.Command(?:Context)?\s{0,4}\(|(?:std::process::)?Command::new\s{0,4}\(|io\.popen\s{0,4}\(|os\.execute\s{0,4}\(|Kernel\.(?:system|exec|spawn)\b|Open3\.(?:capture|popen)\w{0,3}\b)/g,
  ),
  of(
    'shell_command',
    0.85,
    'wscript application xp_cmdshell',
    /\b(?:WScript\.Shell|Shell\.Application|xp_cmdshell)\b/gi,
  ),
  of(
    'delete_tree',
    0.95,
    'rm',
    /(?<![\w-])rm\s{1,8}(?:--?[\w=-]{1,24}\s{1,8}){0,4}(?:-(?=[a-z]{0,6}r)(?=[a-z]{0,6}f)[a-z]{2,7}|-(?:r|-recursive)\s{1,8}-(?:f|-force)|-(?:f|-force)\s{1,8}-(?:r|-recursive))(?![\w-])/gi,
  ),
  of('delete_tree', 0.8, 'rmtree', /\b(?:shutil\s{0,2}\.\s{0,2})?rmtree\s{0,4}\(/g),
  of(
    'delete_tree',
    0.9,
    'recurse rmdir rd del deltree',
    /\bRemove-Item\b[^\n|;]{0,120}-Recurse\b|\b(?:rmdir|rd)\s{1,4}\/s\b|\bdel\s{1,4}(?:\/[a-z]\s{1,4}){0,3}\/s\b|\bdeltree\s/gi,
  ),
  of('delete_tree', 0.85, 'find', /\bfind\s{1,4}[/~.$][^\n|;]{0,120}\s-(?:delete\b|exec\s{1,4}rm\b)/g),
  of(
    'destroy_disk',
    0.95,
    'mkfs dd dev format shred',
    /\bmkfs(?:\.\w{1,8})?\s{1,4}[-/]|\bdd\s{1,4}[^\n|;]{0,80}\bof=\/dev\/\w|>\s{0,4}\/dev\/(?:sd[a-z]|nvme\d|hd[a-z]|disk\d|mem|vd[a-z])\b|\bshred\s{1,4}-[^\n]{0,60}\/dev\/|\bformat\s{1,4}[a-z]:\s{0,4}\//gi,
  ),
  of(
    'download_and_run',
    0.95,
    'curl wget fetch',
    /\b(?:curl|wget|fetch)\b[^\n|;&]{0,300}\|\s{0,4}(?:sudo\s{1,4}(?:-\w{1,3}\s{1,4})?)?(?:\/\w{1,12}){0,4}\/?(?:ba|z|da|k|c|a)?sh\b/g,
  ),
  of(
    'download_and_run',
    0.95,
    'curl wget',
    /\b(?:curl|wget)\b[^\n|;&]{0,300}\|\s{0,4}(?:sudo\s{1,4})?(?:python[\d.]{0,4}|perl|ruby|node|php)\b/g,
  ),
  of(
    'download_and_run',
    0.95,
    'curl wget',
    /\b(?:ba|z|da|k)?sh\s{1,4}(?:-c\s{1,4})?["']?(?:<\s{0,4}\(|\$\(|`)\s{0,4}(?:curl|wget)\b/g,
  ),
  of(
    'download_and_run',
    0.95,
    'iex expression webrequest restmethod iwr irm downloadstring',
    /\b(?:iex|Invoke-Expression)\b[^\n]{0,60}\b(?:New-Object|Net\.WebClient|DownloadString|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b|\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod|DownloadString)\b[^\n|]{0,200}\|\s{0,4}(?:iex|Invoke-Expression)\b/gi,
  ),
  of(
    'download_and_run',
    0.9,
    'certutil bitsadmin mshta regsvr32 rundll32',
    /\bcertutil(?:\.exe)?\s[^\n]{0,80}-urlcache\b|\bbitsadmin\s[^\n]{0,60}\/transfer\b|\bmshta(?:\.exe)?\s{1,4}["']?(?:https?|javascript|vbscript):|\bregsvr32\s[^\n]{0,60}\/i:https?:|\brundll32(?:\.exe)?\s{1,4}javascript:/gi,
  ),
  of(
    'hidden_command',
    0.95,
    'powershell pwsh',
    /\b(?:powershell|pwsh)(?:\.exe)?\b[^\n]{0,120}\s-e(?:n|nc|ncodedcommand|c)?\s{1,4}["']?[a-z0-9+/=]{8}/gi,
  ),
  of(
    'hidden_command',
    0.9,
    'base64',
    /\bbase64\s{1,4}(?:-d|-D|--decode)\b[^\n;]{0,60}\|\s{0,4}(?:sudo\s{1,4})?(?:(?:ba|z|da)?sh|python[\d.]{0,4}|perl)\b/g,
  ),
  of(
    'hidden_command',
    0.9,
    'b64decode atob fromcharcode base64_decode',
    /\b(?:eval|exec)\s{0,4}\(\s{0,4}(?:\w{1,20}\.){0,3}(?:b64decode|atob|fromCharCode|base64_decode|decompress|gzinflate)\s{0,4}\(/g,
  ),
  of('reverse_shell', 0.97, 'tcp udp', /\/dev\/(?:tcp|udp)\/[\w.$:{}-]{1,80}\/[\w${}]{1,12}/g),
  of(
    'reverse_shell',
    0.95,
    'nc ncat netcat',
    /\b(?:nc|ncat|netcat)(?:\.exe|\.traditional|\.openbsd)?\s[^\n|;]{0,80}(?:-\w{0,4}[ec]|--exec|--sh-exec)\s{1,4}["']?(?:\/\w{1,12}){0,3}\/?(?:(?:ba|z|da)?sh|cmd(?:\.exe)?|powershell)\b/g,
  ),
  of(
    'reverse_shell',
    0.95,
    'mkfifo mknod',
    /\bmk(?:fifo|nod)\s[^\n]{0,200}\|\s{0,4}(?:\/\w{1,12}){0,3}\/?(?:ba|z|da)?sh\b[^\n]{0,120}\b(?:nc|ncat|telnet|openssl)\b/g,
  ),
  of(
    'reverse_shell',
    0.9,
    'dup2 socket',
    /\bos\.dup2\s{0,4}\(\s{0,4}\w{1,20}\.fileno\s{0,4}\(|\bsocket\.socket\b[^\n]{0,300}\b(?:subprocess|pty\.spawn|os\.dup2)\b/g,
  ),
  of('reverse_shell', 0.9, 'socat', /\bsocat\s[^\n]{0,160}\bexec:/gi),
  of(
    'reverse_shell',
    0.9,
    'fsockopen tcpsocket tcpclient',
    /\bfsockopen\s{0,4}\([^\n]{0,120}\b(?:exec|shell_exec|proc_open|system)\b|\bTCPSocket\.(?:new|open)\b[^\n]{0,120}\b(?:exec|popen)\b|\bNet\.Sockets\.TCPClient\b[^\n]{0,400}\b(?:iex|Invoke-Expression|cmd(?:\.exe)?)\b/gi,
  ),
  of(
    'unsafe_load',
    0.85,
    'pickle marshal dill joblib shelve jsonpickle',
    /\b(?:c?[Pp]ickle|_pickle|marshal|dill|cloudpickle)\.(?:loads?|Unpickler)\s{0,4}\(|\bjoblib\.load\s{0,4}\(|\bshelve\.open\s{0,4}\(|\bjsonpickle\.decode\s{0,4}\(/g,
  ),
  of(
    'unsafe_load',
    0.85,
    'yaml',
    /\byaml\.(?:unsafe_load(?:_all)?\s{0,4}\(|(?:full_)?load(?:_all)?\s{0,4}\((?![^()\n]{0,160}Safe))/g,
  ),
  of(
    'unsafe_load',
    0.8,
    'objectinputstream unserialize binaryformatter marshal allow_pickle',
    /\bnew\s{1,4}ObjectInputStream\s{0,4}\(|(?<![\w.>])unserialize\s{0,4}\(\s{0,4}\$|\bnew\s{1,4}BinaryFormatter\s{0,4}\(|\bMarshal\.load\s{0,4}\(|\ballow_pickle\s{0,4}=\s{0,4}True\b/g,
  ),
  of(
    'open_permissions',
    0.8,
    'chmod',
    /\bchmod\s{1,4}(?:-\w{1,4}\s{1,4}){0,2}(?:0?[0-7]?777|a\+rwx|ugo\+rwx|[ug]{0,2}\+s)(?!\w)|\bchmod\s{0,4}\([^()\n]{1,120},\s{0,4}0o?[0-7]?777\s{0,4}\)/g,
  ),
  of(
    'privilege',
    0.85,
    'etc authorized_keys nopasswd',
    />>?\s{0,4}(?:\/etc\/(?:sudoers(?:\.d\/\w{1,40})?|passwd|shadow|crontab|ld\.so\.preload)|[~\w/.${}-]{1,60}\/\.ssh\/authorized_keys)|\bALL\s{0,4}=\s{0,4}\(ALL(?::ALL)?\)\s{0,4}NOPASSWD\b/g,
  ),
  of(
    'persistence',
    0.8,
    'crontab schtasks currentversion',
    /\|\s{0,4}crontab\s{1,4}-(?!\w)|\bschtasks\s[^\n]{0,80}\/create\b|\breg\s{1,4}add\s[^\n]{0,80}CurrentVersion\\Run\b/gi,
  ),
  of(
    'history_removal',
    0.75,
    'histfile history bash_history wevtutil vssadmin',
    /\bunset\s{1,4}HISTFILE\b|\bHISTFILE=\/dev\/null\b|\bhistory\s{1,4}-c\b|(?:>|\brm\b)[^\n]{0,40}\.bash_history\b|\bwevtutil\s{1,4}cl\b|\bvssadmin\s[^\n]{0,20}delete\s{1,4}shadows\b/gi,
  ),
  of(
    'firewall_off',
    0.75,
    'iptables setenforce ufw advfirewall disablerealtimemonitoring',
    /\biptables\s{1,4}-F\b|\bsetenforce\s{1,4}0\b|\bufw\s{1,4}disable\b|\badvfirewall\s[^\n]{0,60}state\s{1,4}off\b|-DisableRealtimeMonitoring\s{1,4}\$?true\b/gi,
  ),
  of(
    'native_code',
    0.75,
    'ctypes virtualalloc createremotethread',
    /\bctypes\.(?:CDLL|cdll|windll|WinDLL)\b|\b(?:VirtualAlloc(?:Ex)?|CreateRemoteThread|WriteProcessMemory)\s{0,4}\(/g,
  ),
];

/** `:(){ :|:& };:` has no word to be called by. */
export const FORK_BOMB = of(
  'fork_bomb',
  0.99,
  '',
  /:\s{0,4}\(\)\s{0,4}\{\s{0,4}:\s{0,4}\|\s{0,4}:\s{0,4}&\s{0,4}\}\s{0,4};\s{0,4}:/g,
);
