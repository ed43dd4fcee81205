//! English text on one topic: ships, harbours and the weather.

use cipher_data::SymbolId;

const TEXT: &str = "
The harbour was full of ships when the storm came in from the west.
Nobody had expected the wind to turn so quickly on a summer evening.
The pilot asked for two more lines and sent a boy to wake the crew.
By midnight the waves were breaking over the outer wall of the port.
A fishing boat had lost its anchor and drifted towards the rocks.
The keeper of the lighthouse saw it first and rang his bell.
Three men rowed out with a rope, though everyone told them to wait.
They reached the boat, made the rope fast, and were pulled back by hand.
In the morning the sea was calm and the sky had no clouds at all.
The captain counted his barrels and found that seven were missing.
He wrote a long letter to the owners and blamed the weather for it.
The owners answered that barrels do not swim away by themselves.
A clerk was sent to look at the books, and he stayed for a month.
He liked the food at the inn and the daughter of the innkeeper.
When he left, the figures were in order and the barrels still gone.
Old sailors say that the current carries such things to the north.
There is a beach beyond the cape where driftwood gathers every spring.
Children go there to look for glass, coins and letters in bottles.
Last year one of them found a compass that still pointed true.
Her father sold it to a museum, which put it behind thick glass.
The label says that it came from a ship lost two centuries ago.
Experts argue about the name of the vessel, for the records burned.
What they agree on is that her cargo was tea, silk and porcelain.
Divers have searched the bay, but the sand moves with each tide.
Fog is the greatest danger on this coast between March and June.
It rises from cold water, and a horn can hardly be heard through it.
Modern ships carry radar, yet small boats still follow the buoys.
Each buoy has its own number, colour and rhythm of flashes.
The charts are printed again when a channel shifts or silts up.
A dredger works all winter to keep the entrance deep enough.
Its crew sleeps ashore and complains about the noise of the gulls.
The new bridge is too low for the tall masts of sailing ships.
Visitors come in July for the regatta and fill every spare bed.
Prizes are given for speed, for beauty and for the oldest hull.
The judges sit on a barge with a striped roof and cold drinks.
One year a dog jumped aboard the winning yacht at the finish.
Its picture hangs in the club beside admirals and kings.
Rain fell for nine days in October and flooded the lower town.
People moved their furniture upstairs and paddled to the shops.
The mayor promised pumps, a higher wall and lower taxes.
Only the pumps arrived, painted green and without any hoses.
A carpenter built a raft from doors and carried the post.
Fresh bread was lowered from windows in baskets on strings.
After the flood someone found eels in the cellar of the bank.
Our ferry leaves at six, at noon and again before sunset.
Tickets cost little, but bicycles and goats must pay extra.
From the upper deck you can watch seals asleep on the skerries.
The engine was made in Glasgow and has outlived four owners.
Spare parts are no longer sold, so the mechanic makes them.
He learned his trade in the navy and whistles while he works.
Quiet winters are for mending nets, drinking tea and telling lies.
My uncle swears that he once caught a halibut as long as his boat.
Nobody believes him, although he keeps its jaw above the stove.
Ice seldom forms in the basin, because warm rivers empty into it.
In hard years the boys skate there until a whistle calls them home.
The school teaches knots, signals, arithmetic and the stars.
Every pupil must tie a bowline blindfolded before leaving.
Some go to sea at sixteen and return with strange birds.
Others become bakers, tailors or writers of weather reports.
A good forecast needs a barometer, patience and a view of the hills.
";

/// The sentences in capital letters, as the numbers of their letters: `A` is 0.
pub fn sentences() -> impl Iterator<Item = Vec<SymbolId>> {
    TEXT.trim().lines().map(letters)
}

/// The sentences one after the other.
pub fn text() -> Vec<SymbolId> {
    letters(TEXT)
}

/// The text as it is written, with cases, spaces and punctuation.
pub fn prose() -> &'static str {
    TEXT.trim()
}

fn letters(text: &str) -> Vec<SymbolId> {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic);
    letters
        .map(|letter| SymbolId::from(letter.to_ascii_uppercase() - b'A'))
        .collect()
}
