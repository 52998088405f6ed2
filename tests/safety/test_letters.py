import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.letters import fold, fold_text, words


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Soția", "sotia"),
        ("HELLOOOO", "hello"),
        ("شُكـــراً", "شکرا"),
        ("أحمد", "احمد"),
        ("عائلة", "عايله"),
        ("كتاب ي", "کتاب ي"),
        ("٢٠٢٣ ۱۲ ১২", "2023 12 12"),
        ("don’t", "don't"),
        ("می‌خواهم", "ميخواهم"),
        ("12-year-old", "12 year old"),
        ("12yo", "12 yo"),
        ("step-son", "step son"),
        ("2023-05-04", "2023-05-04"),
        ("هل هذا صحيح؟", "هل هذا صحيح?"),
        ("İstanbul", "istanbul"),
        ("  a \n b  ", "a b"),
        ("আমি কিভাবে", "আমি কিভাবে"),
        ("м’ясо", "м'ясо"),
        ("دەمەوێ بڕۆم ماڵ ڤیدیۆ", "دهمهوي بروم مال فيديو"),
        ("ګران", "گران"),
    ],
)
def test_the_same_letters_written_differently_become_one_spelling(written, plain):
    assert fold(written).text == fold(plain).text == plain


def test_a_stretch_of_the_folded_text_leads_back_to_the_original():
    text = "مرحباً  زوجـــتي هنا"
    folded = fold(text)
    start = folded.text.index("زوجتي")
    begin, end = folded.original(start, start + len("زوجتي"))
    assert text[begin:end] == "زوجـــتي"


@given(st.text(max_size=60))
def test_every_text_folds_with_a_map_inside_the_original(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(
        0 <= start <= end <= len(text)
        for start, end in zip(folded.starts, folded.ends, strict=True)
    )
    assert list(folded.starts) == sorted(folded.starts)


@given(st.text(alphabet=st.characters() | st.sampled_from("ab12-_/ اـَিন়é"), max_size=60))
def test_the_text_alone_is_the_one_with_the_map(text):
    assert fold_text(text) == fold(text).text


def test_words_keep_combining_marks_and_drop_apostrophes():
    assert words("আমি don't, কিভাবে!") == ["আমি", "dont", "কিভাবে"]
