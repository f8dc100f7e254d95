-- DropIndex
DROP INDEX "things_8_ownerId_b_idx";
