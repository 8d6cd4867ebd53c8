/**
 * The words the templates speak of, by class. A mark says how a word bends: `/n` plural, `/v` verb (`/V` doubles its
 * last letter; `/w` and `/W` without the plain form), `/y` adverb and comparative. A `_` stands for the space of a fixed phrase. A word belongs to one class.
 *
 * The lists have to name what they look for; they are our own and offend by nature.
 */
export const WORD_CLASSES = {
  // Who is spoken of.
  group: `women woman womans muslim/n muslimas jew/n blacks gays lesbian/n homosexual/n bisexual/n transgenders
    transsexual/n immigrant/n migrant/n refugee/n mexican/n asian/n african/n arab/n hindu/n sikh/n christian/n
    catholic/n indians pakistani/n gypsies gypsy palestinian/n israeli/n latino/n latinas hispanic/n foreigner/n
    females buddhist/n somali/n turks turk syrian/n romanian/n nigerian/n quadriplegics autistics asylum_seeker/n
    illegal_alien/n illegals aborigine/n aboriginals girls zionist/n kurds armenians albanians haitians ukrainians
    dalit/n shias sunnis mormons atheists filipinos vietnamese_people native_americans amputees wheelchair_user/n
    people_of_color people_with_disabilities people_with_autism person_with_down_syndrome the_blacks the_gays
    the_jews the_whites whites jewess jewry moslem/n islamist/n mohammedan/n hebrews bangladeshi/n iranians iraqis
    nepalis feminists eskimo/n samoans`,
  trait: `black gay trans transgender disabled jewish islamic muslimah female immigration white brown indian chinese
    japanese korean foreign autistic deaf queers lgbt lgbtq dark_skinned haitian ukrainian russian polish irish
    filipino vietnamese native_american aboriginal handicapped elderly undocumented colored coloured`,
  creed: `islam judaism homosexuality transgenderism feminism hinduism zionism multiculturalism catholicism`,
  people: `people person/n peoples folk/n guy/n kids community communities race/n culture/n human_being/n boys men man lady
    ladies colleague/n religion/n child children someone somebody anyone anybody everyone everybody husband/n wife
    wives neighbor/n neighbour/n family families crowd/n mother/n father/n brother/n sister/n boss mom dad teacher/n
    classmate/n civilian/n baby babies girlfriend/n boyfriend/n cop/n police officers politician/n president/n
    students him her patient/n citizens passengers journalist/n ppl peeps dudes dude bloke/n`,
  life: `life lives livs neck necks throat throats face faces`,
  they: `they them theyre theyll theyve their those_people these_people that_kind your_kind his_kind their_kind`,
  you: `you your yourself youre ur u yall ya yous youve youll ye`,
  me: `i im ive id ill me my`,
  myself: `myself my_life my_own_life my_wrists my_arms my_wrist my_skin`,

  // What is said of them.
  slur: `nigger/n faggot/n faggy kike/n spic/n spick/n chink/n chinky gook/n wetback/n raghead/n towelhead/n sandnigger/n
    sand_nigger/n tranny trannies trannie/n shemale/n ladyboy_freak beaner/n coons jihadi/n muzzie/n muzzies
    mudslime/n rapefugee/n camel_fucker/n camelfucker/n goatfucker/n goat_fucker/n darkie/n darky blackies jigaboo/n
    golliwog/n porch_monkey/n jungle_bunny jungle_bunnies pickaninny yid/n heeb/n hymie/n gyppo/n pikey/n
    zipperhead/n slant_eye/n slanteye/n squaw redskin/n injun/n wop/n dago/n kraut/n chinaman chinamen shitskin/n
    subhumans untermensch/n untermenschen mongoloid/n spaz spastic/n retard/n retarded mongs mong poofter/n
    fudgepacker/n fudge_packer/n carpet_muncher/n he_she it_thing feminazi/n femoid/n foid/n chimpout/n chimping
    groid/n negroid/n dindu/n kaffir/n abbo/n wigger/n towel_head/n rag_head/n islamonazi/n islamofascist/n cripples
    troon/n transtrender/n nig/n nigg nignog/n negress jap/n currymuncher/n curry_muncher/n sand_monkey/n
    sandmonkey/n dothead/n pajeet/n polack/n honky honkies whitey shylock oven_dodger/n christ_killer/n fagot/n
    homos lesbo/n lesbos sperg/n coolie/n sambo muzrat/n musloid/n rapefugees mulatto/n halfbreed/n half_breed/n`,
  labels: `bitches whores sluts hoes thots skanks fags niggas niggaz pakis`,
  label: `bitch whore slut hoe ho hos thot skank cripple coon queer fag nigga cunts negro/n negroes slag/n tramps bimbo/n
    terrorist/n rapist/n pedophile/n paedophile/n pedo/n criminals invaders cretin/n lunatics sissy sodomite/n dyke
    dykes paki`,
  vermin: `scum vermin cockroach/n roach/n filth garbage trash rubbish dirt subhuman sub_human lesser_being/n
    inferior_being/n rat/n animals monkey/n ape/n pigs waste_of_space maggot/n leech/n savage/n barbarian/n rabble
    worms insects human_garbage sewage demon/n devils not_human less_than_human worth_nothing
    worth_absolutely_nothing worht_absolutely_nothing lowlife/n low_life degenerate/n abomination/n waste_of_oxygen
    swine mongrel/n untouchables locusts disgrace`,
  lowly: `obey submit servants servant slaves slave property objects breeders obedient cattle barefoot second_class
    inferior_to beneath_us below_us born_to_serve`,
  plague: `parasite/n parasitic virus/n cancer/n plague/n disease/n pest/n burden/n blight stain creature/n pollution
    infestation monster/n`,
  vile: `stupid/y stupidest stupider dumb/y dumber dumbest disgusting disgust disgusts disgusted revolting repulsive
    repugnant vile vilest pathetic filthy filthiest worthless sickening despicable brainless uncivilised uncivilized
    ignorant barbaric ugliest useless hideous nasty detestable deplorable abhorrent hateable contemptible loathsome
    perverted idiotic moronic retardation treacherous deceitful smelly stink stinks obnoxious insufferable wretched
    sinful low_iq lowest_iq freak/n thieves liars cheats bloodthirsty rotten`,
  mild: `bad/n annoying horrible terrible awful unnatural sick_people not_normal dishonest crooked wicked dangerous weak powerless emotional weakest
    crazy insane lying inferior violent cruel lazy dirty primitive backward backwards gross immoral unintelligent incompetent criminal unfit
    greedy cowardly hysterical ugly evil mentally_ill untrustworthy manipulative wrong_in_the_head credulous`,
  worst: `worst the_problem nothing_worse worse smarter more_intelligent more_valuable rather_have rather_be rather_die biggest_mistake smartest
    care_more less_than_nothing like_less less_valuable never_be_as_smart never_be_as_good never_be_as_intelligent`,
  than: `than`,
  hate: `hate hates hated hating despise/v loathe/v detest/v abhor/v cant_stand cannot_stand can_not_stand hatred contempt disdain scorn
    repulsed never_trust dont_trust fear_and_hate disgusted_by sick_of tired_of fed_up_with no_respect_for had_enough_of resent/v no_compassion no_sympathy no_empathy pissed_off_by so_sick_of`,
  sickens: `makes_me_sick make_me_sick makes_me_angry make_me_angry makes_me_so_angry make_me_so_angry makes_me_furious
    make_me_furious fill_me_with fills_me_with makes_me_puke make_me_puke makes_me_vomit make_me_vomit
    pissing_me_off piss_me_off make_me_boil makes_me_boil disgust_me disgusts_me everything_about_them`,
  insult: `asshole/n arsehole/n bastard/n dickhead/n scumbag/n shithead/n prick/n motherfucker/n mofo/n cunt dumbass/n
    dumbasses jackass idiot/n moron/n imbecile/n shitbag/n fuckwit/n fucktard/n fuckface fuckhead/n twat/n wanker/n
    tosser/n bellend/n loser/n dipshit/n douche/n douchebag/n douchebags asshat/n cocksucker/n dumbfuck/n
    dumb_fuck/n dumbshit fatass lardass pussies crybaby fatso nutcase piece_of_shit pieces_of_shit piece_of_crap
    piece_of_trash human_waste fucked_in_the_head shit_for_brains ass_hole/n son_of_a_bitch sonofabitch scumbags
    ignoramus ignoramous pigheaded airhead libtard/n tard/n dumb_ass dickwad/n asswipe/n knobhead/n pillock/n
    arsehat`,
  trashy: `bullshit shitty bullsiht crappy piece_of_work`,
  swear: `fuck/v fuk fukin fukc fck fcking effing fuckin fucker/n fucked motherfucking mofucking shit/n shitting shite
    shat bullshitting bollocks bugger wtf gtfo ffs lmfao fuckery clusterfuck go_fuck fuck_all fuck_off screw_all`,
  cuss: `damn damned goddamn goddam goddamned crap ass arse piss pissed piss_off bloody_hell bs hell_no dick shut_up`,

  // What is done or wished to them.
  kill: `kill klil kil murder slaughter exterminate eradicate execute annihilate lynch behead decapitate strangle rape
    torture assassinate wipe_out put_an_end_to burn_down eliminate disembowel mutilate stab hang drown gas shoot
    burn burned bury choke poison smother crucify castrate sterilize sterilise gun_down mow_down run_over slit
    sodomize sodomise molest enslave snap extinguish liquidate dismember put_down put_them_down nuke slay`,
  killing: `kill/w murder/w slaughter/w exterminate/w extermination eradicate/w execute/w annihilate/w massacre/v genocide
    lynch/w behead/w decapitate/w strangle/w rape/w raping torture/w assassinate/w wiped_out wiping_out eliminate/w
    disembowel/w mutilate/w stab/W hang/w hanged hung drown/w gas/w gassed shoot/w shot burn/w burnt buried choke/w
    poison/w bomb/w smother/w crucified castrate/w sterilize/w sterilise/w gunned_down sodomize/w sodomise/w
    molest/w enslave/w extinguish/w liquidate/w dismember/w nuke/w slain extinct execution executions massacres
    killings beheadings lynchings slaughtering eradication annihilation gunning_down putting_down`,
  rid: `get_rid_of getting_rid_of rid_of better_off_without free_of purge_the a_world_without`,
  assault: `put_a_bullet_in bullet_in_his_head bullet_in_her_head bullet_in_your_head bullet_in_the_head
    blow_your_brains_out blow_his_brains_out blow_her_brains_out blow_their_brains_out beat_the_shit_out_of
    beat_the_crap_out_of beat_him_to_death beat_her_to_death beat_them_to_death beat_you_to_death bash_his_skull
    bash_your_skull bash_her_skull smash_his_face smash_your_face smash_her_face string_them_up string_him_up
    shoot_up_the_school shoot_up_a_school shoot_up_my_school shoot_up_the_place slit_your_throat slit_his_throat
    slit_her_throat slit_their_throats cut_their_throats cut_your_throat break_your_neck break_his_neck
    snap_your_neck snap_his_neck break_your_legs break_his_legs need_killing needs_killing kill_em_all kill_them_all
    kill_everyone killing_spree blow_up_the_school burn_them_alive burn_him_alive burn_her_alive skin_them_alive
    skin_him_alive hope_he_dies hope_she_dies hope_they_die hope_you_die hope_they_all_die good_riddance_to
    punch_her_in_the punch_him_in_the punch_you_in_the kick_his_teeth kick_your_teeth rip_his_head rip_your_head
    rip_her_head tear_him_apart tear_them_apart deserves_a_bullet`,
  taunt: `you_suck nobody_likes_you no_one_likes_you everyone_hates_you suck_my_dick suck_my_balls suck_my_cock
    kiss_my_ass eat_shit get_a_life go_to_hell you_disgust_me i_hate_you screw_you go_fuck_yourself go_fuck_urself
    your_mom_is your_mother_is fuck_your_mother fuck_your_mom you_make_me_sick you_sicken_me waste_of_a_human
    shut_your_mouth shut_your_face shut_the_fuck_up stfu worthless_human pathetic_excuse sad_excuse_for
    nobody_cares_about_you you_are_a_joke youre_a_joke drop_dead you_are_pathetic shame_on_your_mother
    you_are_a_disgrace youre_a_disgrace choke_on_a`,
  harm: `hurt/v hurting beat beats beating beaten attack/v punch/v kick/v smash/v cut cutting cuts hit hits hitting destroy/v crush/v break whip/v slap/V
    suffer/v pain assault/v jump harm/v starve/v bleed/v end break_your burning cleanse knock`,
  die: `die dies died dying dead death perish/v suicide_bombed rot hell`,
  expel: `deport/v deportation/n ban banned bans go_back get_out get_the_fuck_out get_the_hell_out leave kick_out kicked_out throw_out thrown_out sent_back send_back sent_home
    locked_up lock_up round_up rounded_up remove removed expel/V expelled exile/v quarantined segregate/v segregated
    keep_out dumped excluded forbid forbidden not_welcome unwelcome burned_at_the_stake stay_out belong_in_a_zoo belong_in_cages belong_in_a_cage belong_in_prison belong_in_jail belong_in_a_camp belong_in_camps vacate not_allowed clean_out go_home
    locked_in_cages shut_down isolated`,
  ruin: `ruin/v ruining ruined destroying invade/v invading invasion taking_over take_over took_over takeover infest/v
    infesting infested flooding overrun replacing outbreed conquer/v islamization islamisation parasitize steal/v
    stealing control_the run_the corrupt/v corrupting rule_the_world threat_to danger_to brainwash/v plot leeching
    pushing_their ruled_by own_the owns_the own_all commit_crimes commit_most breed_like breeding_like on_welfare
    sharia sharia_law rule_us control_our destroying_our destroy_our flood_our taking_our steal_our rape_our
    raping_our replace_us`,
  worth: `worth worthy value valuable matter matters important belong belongs live humans human our_equal our_equals my_equal my_equals right_to_live right_to_be_alive lift_a_finger`,
  room: `place space room`,
  deserve: `deserve/v deserves deserving`,
  should: `should must ought shouldve shall need needs lets let wish wishes hope want wants wanna gotta if_only why_dont_we
    it_would_be_best in_a_just_world have_to shouldnt better_off someone_should time_to`,
  will: `will well would going can could might gonna plan planning about_to`,
  be: `be are is was were am been being r get getting got become feel look act seem smell`,
  not: `not no never dont doesnt didnt cant cannot wont wouldnt aint nobody none nor neither without isnt arent wasnt werent unlikely
    opposite hardly nothing nowhere`,
  like: `like only all every these those any such most really absolutely complete worth_any_less total completely totally
    so very pretty utter utterly seriously always still probably other more of_all especially massive after_all
    fucking inherently naturally basically some few without_exception by_nature kind_of kinds_of cant_help_but
    is_it_not isnt_it arent_they not_clear not_realise not_realize not_obvious not_apparent not_surprised
    not_make_it not_only dont_forget dont_understand_why dont_have_anything_against isnt_that for_no_reason
    isnt_just arent_just not_just without_a_doubt without_doubt`,
  mere: `just common typical typical_of nothing_but too_many bunch_of another absolute total_and_utter`,
  cannot_help: `cant_help cant_stop cannot_help cannot_stop in_their_nature nature never_change wont_change never_going_to_change refuse_to never_fit_in`,

  doctrine: `muslim_problem jewish_problem jewish_question white_genocide great_replacement race_traitor/n race_war white_power heil_hitler sieg_heil
    gas_the_jews zog holohoax holocaust_is_a_hoax holocaust_hoax holocaust_never_happened holocaust_didnt_happen back_to_africa back_to_mexico
    go_back_to_your_country jews_control jews_run jews_own inferior_race master_race superior_race belong_in_the_kitchen back_in_the_kitchen back_to_the_kitchen
    muslim_ban muslim_scum ethnic_cleansing_is white_trash talmudic judeo_bolshevik globohomo clown_world remove_kebab paki_shop
    shouldnt_vote shouldnt_be_allowed_to_vote act_like_a_lady pray_the_gay_away gay_agenda trans_agenda
    trannies_are blacks_commit islam_is_a_cancer islam_is_a_disease islam_is_evil religion_of_peace_my jew_lies jewish_lies jewish_supremacy`,
  idiom: `killing_me killing_it kill_time killed_time kill_two_birds kill_for_a die_laughing dying_to_see dying_to
    shoot_you_an shoot_me_an shoot_him_an shoot_her_an shoot_them_an shoot_you_a shoot_me_a shoot_a hit_you_up
    hit_me_up hit_them_up cut_your_hair cut_my_hair beat_you_to beat_you_at burn_calories drop_dead_gorgeous
    dead_end dead_line die_for die_hard hang_out hang_on hang_up hang_your hang_with hung_up hanging_out
    hang_in_there die_down kill_switch killer_feature shot_of shots_of big_shot take_a_shot screen_shot headshot
    head_shot break_a_leg knock_them_dead knock_em_dead kill_the_lights killer_app suicide_prevention
    suicide_hotline suicide_squad suicide_awareness suicide_rate suicide_rates suicide_bomber suicide_attack
    suicide_bombing bath_bomb/n bomb_shelter/n burn_out burned_out burn_rate cut_off cut_out cut_down cut_you_some
    poison_ivy hit_song smash_hit slash_command hit_or_miss beat_it_up buried_in burn_cd burn_the_midnight end_users
    end_user dead_tired dead_code shoot_for shoot_up_the_charts hot_shot moby_dick dick_cheney dick_van_dyke
    dick_tracy philip_k_dick dick_grayson spotted_dick die_of_laughter die_of_boredom die_of_shame pussy_riot
    pussy_willow blue_tit great_tit blue_tits`,

  // Who speaks, and how.
  saying: `say says saying said called calling calls telling told writes writing wrote written wishing statement/n comment/n
    comments tweet/n slogan/n phrase/n word words term terms claim/v claimed claims heard hearing message/n messages quote/n quoted
    shout/v shouted scream/v yelled yell thinking_that think_its_okay think_its_ok mocked posted sign chanting chant/v insult_us hurled seriously_believe treat/v treats treated`,
  judging: `bigot/n bigoted bigotry hateful hurtful offensive unacceptable dehumanising dehumanizing blocked consequences racist/n racism sexist
    sexism homophobic homophobia transphobic transphobia islamophobic islamophobia xenophobic xenophobia antisemitic antisemitism misogynist misogynistic misogyny
    prejudice prejudiced stereotype/n discrimination discriminate/v discriminatory hate_speech hate_crime hate_crimes condemn/v condemned tolerate condone condoning
    horrible_person horrible_thing bad_person small_minded narrow_minded platform not_okay not_ok its_not_okay shouldnt_say disrespectful
    open_hatred obvious_contempt stand_by outrage shame_on insensitive outdated
    no_respect lost_all_respect call_out slur slurs racial oppression oppressed persecuted persecution harassment bullying victims survivors
    supremacist/n supremacy supremacism nazi/n ally luckily moderation censored debunked`,
  proud: `proud ourselves reclaim reclaimed reclaiming theory studies culture_and pride community_of we_call adore/v admire/v respect_and
    celebrate/v embrace/v cherish representation`,
  fiction: `game games gaming movie movies film films novel novels story stories character characters fiction fictional episode series minecraft gta fortnite
    sims chess npc npcs boss_fight level player players playing zombie/n dragon/n monster_hunter skyrim warcraft call_of_duty counter_strike anime manga hitman song lyrics album
    bosses mario pokemon dnd d_and_d comic theatre play_a photo photos photograph picture pictures video videos portrait basketball hoops`,
  machine: `process/n thread/n server/n daemon/n job/n task/n pid session/n container/n linux python terminal node/n parent
    fork signal/n pod/n kubernetes docker sigterm sigkill unix windows browser app port branch orphan/n worker/n cpu
    memory java command program programs query queries weed weeds mosquito mosquitoes bacteria germs germ fleas ants
    termites bug bugs ant cells tumor tumour time lights light engine balloon balloons candle cigarette presentation
    gig audience set crowd_control conversation mood switch spiders spider fly flies lice virus_particles script/n`,
  account: `news reported_that according historian/n history historical police_said court trial jury sentenced convicted
    charged arrested investigation investigators suspect century war wars army troops statistics study research
    researchers professor article documentary testimony witness defendant plaintiff prosecutor soldiers battle
    killed_in novelist museum definition dictionary define means meaning etymology chapter biology scripture lord
    jesus gospel verse assassination when_was why_did who_was in_what_year`,

  // Harm to oneself.
  selfharm: `suicide suicidal selfharm self_harm self_harming selfharming self_harmed self_injury selfinjury unalive thinspo
    thinspiration pro_ana proana purging relapsed relapse end_her_life end_his_life take_her_own_life
    take_his_own_life suicide_note overdosing`,
  despair: `end_it_all want_to_die wanna_die wanting_to_die wish_i_was_dead wish_i_were_dead better_off_dead
    no_reason_to_live dont_want_to_live dont_want_to_be_alive do_not_want_to_live take_my_own_life
    taking_my_own_life end_my_life ending_my_life kill_myself killing_myself cutting_myself cut_myself hurt_myself
    hurting_myself hang_myself shoot_myself drown_myself starve_myself starving_myself overdose_on slit_my_wrists
    burn_myself burning_myself stabbed_myself stab_myself harm_myself harming_myself hate_myself jump_off_a_bridge
    cease_to_exist unalive_myself wish_to_cut urge_to_cut want_to_cut urges_to_cut feel_like_cutting start_cutting
    started_cutting binge_and_purge stop_existing no_point_in_living dont_see_any_point_in_living tired_of_living
    tired_of_being_alive ready_to_die my_suicide_note goodbye_cruel_world rope_myself off_myself
    no_longer_want_to_live dont_deserve_to_live stop_eating cut_my_wrists cutting_my_wrists cutting_my_arms
    cut_my_arms hate_my_body hate_my_life disappear_forever life_is_meaningless life_has_no_meaning rather_be_dead
    wish_i_could_die wish_i_would_die wish_i_was_never_born throw_up_my_food skip_meals never_wake_up not_wake_up
    suicide_plan attempted_suicide tried_to_kill_myself suicidal_thoughts urge_to_hurt cant_go_on
    dont_want_to_be_here_anymore no_one_would_miss_me nobody_would_miss_me better_off_without_me nothing_to_live_for
    want_to_disappear razor_blade_on my_razor bleed_out_in cut_too_deep cutting_deeper cut_deeper fresh_cuts
    my_scars hurting_myself_again dont_want_to_wake_up cant_take_it_anymore want_it_to_end want_to_end_it
    my_life_isnt_worth my_life_is_not_worth`,
  support: `help helping friend/n prevent preventing prevention support supporting hotline helpline awareness please_dont
    glad_you sorry_you sorry_that warning_signs counsellor counselor crisis_line`,
  urge_death: `kill_yourself kys kill_urself hang_yourself go_die drink_bleach end_yourself neck_yourself cut_yourself slit_your_wrists shoot_yourself
    drown_yourself jump_off_a_cliff die_in_a_fire burn_in_hell rot_in_hell nobody_would_miss_you world_would_be_better_off_without_you go_hang_yourself off_yourself`,
  how: `how ways way method/n methods steps instructions guide recipe painless quickest easiest best_way tutorial plan_to step_by_step fastest effective write generate provide explain give list`,
  weapon: `pipe_bomb/n bomb bombs explosive/n molotov molotov_cocktail/n nerve_gas sarin ricin anthrax nail_bomb/n dirty_bomb/n ied ieds car_bomb/n
    mass_shooting/n school_shooting/n silencer chemical_weapon/n biological_weapon/n bioweapon/n ghost_gun/n pressure_cooker_bomb thermite napalm letter_bomb`,
  make: `make making build/v building construct create/v creating assemble/v synthesize synthesise produce manufacture carry_out commit plant detonate`,
  gore: `gore gory guts entrails intestines decapitated dismembered mutilated disemboweled disembowelled severed corpse/n
    corpses maggots_eating flesh bloodied blood_spurted blood_splattered splattered gutted impaled eviscerated skull
    skulls brains_out carcass flayed flaying bleeding_out gushing stabbing stabbed bludgeoned bloodbath gouged
    hacked_off beheading beheaded crushed_skull pools_of_blood pool_of_blood exposed_bone torn_apart burned_alive
    burnt_alive`,

  // Wares.
  offer: `buy_now order_now click_here act_now limited_time limited_offer free_trial risk_free money_back earn_money make_money work_from_home
    extra_income cash_prize you_won you_have_won congratulations_you winner_of claim_your no_obligation satisfaction_guaranteed lowest_price cheap_meds
    viagra cialis levitra sildenafil payday_loan payday_loans casino_bonus online_casino free_spins weight_loss lose_weight miracle_cure double_your
    bitcoin_investment guaranteed_profit guaranteed_returns passive_income subscribe_now call_now sign_up_now special_promotion discount_code hot_deal
    replica_watches replica_rolex wire_transfer nigerian_prince get_rich backlinks seo_services followers_fast gain_followers free_gift gift_card free_money act_fast
    once_in_a_lifetime unsecured_loan no_credit_check erectile_dysfunction male_enhancement penis_enlargement`,
} as const;

/** Words without a class: they may be half of a run of words without spaces, or only look like one. */
export const PLAIN_WORDS = `a an the to of in on at for and or with by that this it he she we who what when many behaviour behavior because
  then also only into over under after before about there here where out off up down one two day time year old new
  good great man men world country house home work way back first own long much want see know think come take give
  make made find look use her his its our has have had did do does done too very even again same next said
  therapist therapists psychotherapist psychotherapists killall killjoy skillful skilful roadkill buzzkill
  overkill painkiller painkillers assassin manslaughter dickens scrap scraps shotgun shotguns deadline deadlines
  analyst hangar hangover hangout overhang gasoline grape grapes drape scrape burnout sunburn heartburn heartbeat
  deathbed shootout photoshoot troubleshoot troubleshooting offshoot password whoever beatbox sickbed hothouse
  menace blackout blackboard blackberry blackmail blackjack whitelist blacklist whiteboard brownie blackbird
  gaydar redblack cocktail cocktails hancock peacock dickson passion classic assume dumbbell pakistan pakistani turkey
  hispanola christiansen christianity cancerous virusscan monstrous savagery ratings apec dyed`;

/**
 * Weight of words of sex, by how far they go: 1 a hint in any company, 2 plain, 3 only ever found in pornography. The
 * languages are those pornographic spam is written in.
 */
export const SEXUAL_WORDS: readonly (readonly [number, string])[] = [
  [
    1,
    `sex sexy sexual naked nude/n escort/n horny erotic erotica lingerie panties bra stripper/n strip seduce/d fetish/n lover breasts boobs boob
    nipple/n butt busty lesbian/n massage orgasm/n virgin/n thighs moan/v kinky hooker/n prostitute/n bitch slut/n whore/n
    cock/n dick/n penis vagina ass asses fuck fucks sensual hookup/n hookups mature thrust/v aroused caress/v topless undress/v sexe sexo
    sexi nudist/n swinger/n brothel lust bisexual shemale/n lick/v adult_dating one_night_stand casual_sex seeking_sex hottest amateur wet
    seks sexuelle hot_girls singles flirt cuckold babe babes hentai lesben geil geile massagen gay_sex dominatrix submissive
    virginity bdsm bondage spank/v masturbate/v masturbation masturbating tits titties ejaculate foreplay naughty sexting webcam cam_girl/n strap_on`,
  ],
  [
    2,
    `porn porno pornos pornography pornographic xxx milf/n pussy pussies cum cums cumming blowjob/n handjob/n fucking_her fucked_her fucked_by fuck_me fuck_her fuck_him sucking_his
    suck_my sucked_his clit clitoris dildo/n vibrator/n anal hardcore threesome/n orgy orgies gangbang/n bukkake hentai_sex
    nudes camgirl/n camgirls sex_chat sex_cam phone_sex sex_video/n sex_tape/n jerk_off jerking_off jerkoff wank/v nympho creampie/n deepthroat
    escorts_in call_girl/n tantric_massage erotic_massage nuru_massage sex_dating doggy_style doggie_style rimming fingering fingered_her
    pornographie baise baiser salope salopes ficken gefickt fick muschi titten huren nutten swingerclub parkplatzsex sextreffen sexkontakte
    porr knulla fitta porno_gratis putas puta follar polla coño culo chupa mamada tette troia scopare cazzo figa pompino
    sexy_girl/n sexy_girls cunnilingus fellatio facial_cum squirt/v squirting hard_on boner/n stepmom stepsister stepsis pornhub xvideos xhamster xnxx onlyfans_nudes onlyfans_leak
    kneppe frække bordel suihin pillu seksi seksiseuraa horny_girl/n erection glans bulge throbbing cameltoe nude_photos naked_girl/n naked_girls
    cul bite_de nue nues femme_nue rencontre_sexe plan_cul escortes ladyboy/n lady_boy rubber_dong butthole asshole_licking her_tits his_cock her_pussy my_cock your_cock my_pussy my_dick
    big_dick big_tits big_cock hot_ass tight_ass strips_naked sex_slave naked_body incest make_you_cum riding_him wet_pussy jav jerk_you_off sex_story sex_stories`,
  ],
  [
    3,
    `cumshot/n cumslut/n facefuck assfuck buttfuck fuckhole cuntlick pornstar/n porn_star/n porn_movies porn_video/n porn_videos porn_tube free_porn sex_movie/n sex_movies gay_porn teen_porn
    hentai_porn child_porn childporn loli lolicon shotacon jailbait preteen_sex underage_sex fucks_her sucking_cock suck_cock cock_sucking cum_in cum_on cum_inside
    licked_her_pussy eat_pussy pussy_licking deep_throat gang_bang double_penetration free_sex porno_video porno_videos pornofilme porno_gratuit sexfilme sex_filme jeux_porno jeux_pornos video_porno
    girl_fuck young_pussy teen_pussy teen_sex asian_porn fucked_hard fuck_my fucking_me fuck_you_hard`,
  ],
];

/** Those who must not stand near any of the above. */
export const MINORS = `minor minors child children kid kids preteen/n underage schoolgirl/n schoolboy/n toddler/n little_girl/n little_boy/n
  young_girl/n young_boy/n daughter son teen teens teenager/n boy_scout babysitter infant/n loli lolita middle_schooler/n elementary_school`;

export type WordClass = keyof typeof WORD_CLASSES;
