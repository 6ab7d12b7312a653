import pytest
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, select

from chassis.areas import lies_in

COLUMNS = ("commune", "district", "province")
farms = Table("farms", MetaData(), *(Column(name, String(5)) for name in COLUMNS))
HERE = {"commune": "15583", "district": "395", "province": "38"}
NEAR = {"commune": "15584", "district": "395", "province": "38"}
NOW = {"commune": "15583", "district": None, "province": "38"}
FAR = {"commune": "00001", "district": "001", "province": "01"}


@pytest.fixture
def connection():
    with create_engine("sqlite://").begin() as connection:
        farms.metadata.create_all(connection)
        connection.execute(insert(farms), [HERE, NEAR, NOW, FAR])
        yield connection


@pytest.mark.parametrize(
    ("areas", "found"),
    [
        ({"15583"}, [HERE, NOW]),
        ({"395"}, [HERE, NEAR]),
        ({"38"}, [HERE, NEAR, NOW]),
        ({"15584", "01"}, [NEAR, FAR]),
        ({"99"}, []),
        ((), []),
    ],
)
def test_a_row_lies_in_an_area_by_its_commune_district_or_province(connection, areas, found):
    rows = connection.execute(select(farms).where(lies_in(areas, *farms.c)))

    assert [dict(row) for row in rows.mappings()] == found


def test_areas_of_one_kind_ask_one_column_so_that_its_index_serves():
    asked = str(lies_in({"395", "396"}, *farms.c))

    assert "farms.district" in asked
    assert "OR" not in asked


def test_a_column_that_is_not_given_is_not_asked(connection):
    rows = connection.execute(select(farms).where(lies_in({"15583", "01"}, farms.c.province)))

    assert [dict(row) for row in rows.mappings()] == [FAR]
