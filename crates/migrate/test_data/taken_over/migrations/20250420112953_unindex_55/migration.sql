-- DropIndex
DROP INDEX "things_7_ownerId_b_idx";
