/** Words a misspelling of a listed word happens to be: no sign of anything. */
export const MISSPELLING_IS_A_WORD: ReadonlySet<string> = new Set(
  `
  abbs aborigins abos animas apse arba arbas arbs ares back backies backs belled bight bobs brunt buns bunt burs
  caner caners carp chats chik chiks chiming chins cloured coke coked cokes coking cons coos dags dalis dalt dalts
  deils demos douce down downed downing downs droned droning drownd drows dyes eradiate eradiated eradiates
  eradiating fagot fagots femals fids gaed gaes garage goos grid grids haed haes hags hared hatable hats hebe
  hebes hinds hose indias insets jihads kafir kafirs lairs lars lathe lathed lathes lathing lech leches lias liras
  loses lothsome lych lyches magot magots mogs money moneys mons moon moons moos morn morns muzzes niger nigers
  orach oraches paik paiks pais peds pets picaninny pick picks pikes plage plages pooter pooters psis pusses rach
  raches raps rast refuge refuges reset resets revoting roch roches sabbed sabbing sabs sags sain sank satin shist
  shiting shooed shooing shoos shots sick sicks sics silt sine sink sinks site sits sitting sodomies soot sooted
  sooting soots sorn spik spiks strange stranges sunis sunns swage tamps tannie tannies tans tarns tash tats tawt
  tawts toon toons toron tosses tots trams transexual transexuals traps tron trons twas unked unking waker wakers
  weds wees wite wore wrethed`
    .trim()
    .split(/\s+/),
);
