"""Who might be on file already."""

from repcrm.accounts.duplicates import Likeness, Person, propose
from repcrm.accounts.pinyin import pinyin_column, readings_of_person


def person(name, hospital_id=1, department="心内科", number=None):
    return Person(name, pinyin_column(readings_of_person(name), 300), hospital_id, department, number)


L = Likeness


def proposed(new, *others):
    return [(one.person.id, one.why) for one in propose(new, others)]


def test_the_same_name_is_proposed_wherever_it_works():
    assert proposed(person("王芳"), person("王芳", hospital_id=2, number=5)) == [(5, (L.SAME_NAME,))]


def test_the_same_name_in_the_same_department_comes_first():
    elsewhere, near = person("王芳", hospital_id=2, number=5), person("王芳", number=6)
    found = proposed(person("王芳"), elsewhere, near)
    assert found == [(6, (L.SAME_NAME, L.SAME_HOSPITAL, L.SAME_DEPARTMENT)), (5, (L.SAME_NAME,))]


def test_a_name_of_the_same_sound_is_proposed_in_the_same_hospital_only():
    here, elsewhere = person("汪方", department="骨科", number=5), person("王方", hospital_id=2, number=6)
    assert proposed(person("王芳"), here, elsewhere) == [(5, (L.SAME_SOUND, L.SAME_HOSPITAL))]


def test_a_similar_name_is_proposed_in_the_same_department_only():
    here, other = person("李小鸣", number=5), person("李小民", department="骨科", number=6)
    assert [one for one, _ in proposed(person("李晓明"), here, other)] == [5]
    near = person("李小敏", number=7)  # lixiaomin, a letter from lixiaoming
    assert proposed(person("李晓明"), near) == [(7, (L.NEAR_NAME, L.SAME_HOSPITAL, L.SAME_DEPARTMENT))]


def test_another_name_is_not_proposed_however_near_the_desk():
    assert proposed(person("王芳"), person("赵强", number=5)) == []


def test_a_surname_of_two_readings_sounds_the_same_both_ways():
    other_department = person("岑威", department="骨科", number=6)
    assert proposed(person("曾伟"), person("层伟", department="骨科", number=5), other_department) == [
        (5, (L.SAME_SOUND, L.SAME_HOSPITAL))
    ]
